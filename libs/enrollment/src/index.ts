export { EnrollmentModule } from './enrollment.module.ts';
