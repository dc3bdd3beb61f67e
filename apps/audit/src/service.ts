import type { ServiceDefinition } from '@sparekey/hosting/services';
import { AuditModule } from '@sparekey/audit';
import { auditProjection } from '@sparekey/audit/projection';

export const service: ServiceDefinition = {
  name: 'audit',
  opens: ['contact', 'context'],
  rooms: () => [AuditModule],
  projections: () => [auditProjection],
  needs: ['database'],
};
