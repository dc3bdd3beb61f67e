import { Param } from '@nestjs/common';
import { DOMAIN_ID, SERVICE_ID, USER_ID } from '@sparekey/contracts';
import { IdPipe, UUID } from './fields.ts';

/** Parts of paths, each refused with 400 unless it has its form. */
export const DomainParam = () => Param('domain', new IdPipe('domain', DOMAIN_ID));
export const UserParam = () => Param('user', new IdPipe('user', USER_ID));
export const ServiceParam = () => Param('service', new IdPipe('service', SERVICE_ID));
export const ProviderParam = () => Param('provider', new IdPipe('provider', SERVICE_ID));
export const UuidParam = (name: string) => Param(name, new IdPipe(name, UUID));
