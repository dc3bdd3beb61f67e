// stands at: libs/recovery/src/codes.ts
// refused by: pure
import { Injectable } from '@nestjs/common';
export const forbidden = Injectable;
