import { Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { DOMAIN_ID, SERVICE_ID, USER_ID } from '@sparekey/contracts';
import { IdPipe, UUID } from './fields.ts';

/** A part of the path, refused with 400 unless it has its form. */
export const PathParam = (name: string, pattern: RegExp): ParameterDecorator =>
  described({ name, pattern: pattern.source }, Param(name, new IdPipe(name, pattern)));

/** What Sparekey sealed: opaque to everybody else. */
export const HandleParam = (name: string): ParameterDecorator =>
  described({ name, minLength: 1, maxLength: LONGEST_PARAM }, Param(name));

export const DomainParam = () => PathParam('domain', DOMAIN_ID);
export const UserParam = () => PathParam('user', USER_ID);
export const ServiceParam = () => PathParam('service', SERVICE_ID);
export const ProviderParam = () => PathParam('provider', SERVICE_ID);
export const UuidParam = (name: string) => PathParam(name, UUID);

/** Longer ones belong to no path (characters). */
export const LONGEST_PARAM = 1_024;

const described =
  (
    { name, ...schema }: { name: string; pattern?: string; minLength?: number; maxLength?: number },
    take: ParameterDecorator,
  ): ParameterDecorator =>
  (target, key, index) => {
    const handler = Object.getOwnPropertyDescriptor(target, key!)!;
    ApiParam({ name, schema: { type: 'string', ...schema } })(target, key!, handler);
    take(target, key, index);
  };
