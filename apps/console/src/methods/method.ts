import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';

export interface AskProps {
  /** Where it asks for something of its own, such as the options of a ceremony. */
  readonly challengeId: string;
  /** What the person calls it. */
  readonly name: string | undefined;
  /** How many its code has, where the API says so. */
  readonly digits: number | undefined;
  /** Why the last answer was not taken, in one sentence. */
  readonly fault: string | undefined;
  /** It was wrong: the same one is not worth another try. */
  readonly rejected: boolean;
  readonly busy: boolean;
  /** @param answer what the API takes beside `method` and `factorId` */
  readonly onAnswer: (answer: object) => void;
  /** Nothing can be asked for any more. @param sentence what the person is told */
  readonly onOver: (sentence: string) => void;
}

export interface SetUpProps {
  readonly domain: string;
  readonly userId: string;
  readonly login: string;
  /** It is confirmed. */
  readonly onDone: () => void;
}

/** A way to prove who one is, as pages need it: a folder and a line in the list. */
export interface Method {
  readonly type: string;
  readonly name: string;
  readonly Icon: LucideIcon;
  /** What it asks for, in one line. */
  readonly offer: string;
  /** What stands above it, where it is no code that is entered. */
  readonly heading?: string;
  /** Why an answer was not taken. */
  readonly notAccepted: (attemptsLeft: number) => string;
  readonly Ask: ComponentType<AskProps>;
  /** What browsers are told where a person sees that they have such a method. */
  readonly whenShown?: (domain: string, userId: string) => Promise<void>;
  /** What browsers are told after one was removed. */
  readonly afterRemoval?: (domain: string, userId: string) => Promise<void>;
  /** How it is set up, where a person can. */
  readonly setUp?: {
    /** What it takes, in one line. */
    readonly choose: string;
    readonly title: string;
    readonly lead: string;
    readonly Form: ComponentType<SetUpProps>;
  };
}

/** What a domain chooses of a method, as its administrators read it. */
export interface Setting {
  readonly label: string;
  /** What it means for people. */
  readonly about: string;
  readonly unit?: string;
  /** Administrators see it, and somebody else sets it. */
  readonly isReadOnly?: true;
  /** The standard that it, or its bound, comes from. */
  readonly source?: string;
}
