import type { IHeaders, KafkaMessage, Message } from 'kafkajs';

/** Attributes of a CloudEvent, extensions among them: names of small letters and digits. */
export type Attributes = Readonly<Record<string, string>>;

const PREFIX = 'ce_';
const JSON_TYPE = 'application/json';

/** A message does not say what it must. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  /** It stays as it is, however often it is read. */
  readonly isFinal = true;
}

/** CloudEvents 1.0 in the binary mode of the Kafka binding: attributes are headers, the value is the data alone. */
export const CloudEventMessage = {
  write(key: string, attributes: Attributes, data: object): Message {
    const headers: IHeaders = { 'content-type': JSON_TYPE, ce_specversion: '1.0' };
    for (const [name, value] of Object.entries(attributes)) headers[PREFIX + name] = value;
    return { key, value: JSON.stringify(data), headers };
  },

  /** @throws Unreadable */
  attributes({ headers = {} }: Pick<KafkaMessage, 'headers'>): Attributes {
    const attributes: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (name.startsWith(PREFIX) && value !== undefined)
        attributes[name.slice(PREFIX.length)] = String(value);
    }
    if (attributes.specversion !== '1.0') throw new Unreadable('is no CloudEvent 1.0 in binary mode');
    return attributes;
  },

  /** @throws Unreadable */
  data({ value }: Pick<KafkaMessage, 'value'>): Readonly<Record<string, unknown>> {
    try {
      const data: unknown = JSON.parse(value?.toString('utf8') ?? '');
      if (data !== null && typeof data === 'object' && !Array.isArray(data))
        return data as Record<string, unknown>;
    } catch {
      // falls through: it is no JSON, and what it is instead is not repeated
    }
    throw new Unreadable('its data are no JSON object');
  },
} as const;
