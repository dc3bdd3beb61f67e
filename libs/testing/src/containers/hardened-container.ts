import { GenericContainer } from 'testcontainers';

/** A container that may write to /tmp and nowhere else, and may do nothing that only root may. */
export class HardenedContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withTmpFs({ '/tmp': 'rw' }).withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges:true');
  }
}
