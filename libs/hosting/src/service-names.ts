/** The services that answer requests, behind the one address. */
export const SERVICES = [
  'enrollment',
  'recovery',
  'verification',
  'identity',
  'notification',
  'audit',
] as const;
export type ServiceName = (typeof SERVICES)[number];
