// stands at: libs/audit/src/projection/forbidden.ts
// refused by: read-models-without-framework
import { Injectable } from '@nestjs/common';
export const forbidden = Injectable;
