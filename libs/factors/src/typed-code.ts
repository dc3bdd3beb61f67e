import { LONGEST_TYPED_CODE } from '@sparekey/canonical';
import Type from 'typebox';

/** A code as a person types or pastes it. */
export const typedCode = (
  description = 'As the person typed or pasted it. What can be no code at all is refused with 400 and costs no try',
) => Type.String({ minLength: 1, maxLength: LONGEST_TYPED_CODE, description });
