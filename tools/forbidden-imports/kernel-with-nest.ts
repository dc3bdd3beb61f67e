// stands at: libs/event-sourcing/src/forbidden-nest.ts
// refused by: kernel-without-framework
import { Injectable } from '@nestjs/common';
export const forbidden = Injectable;
