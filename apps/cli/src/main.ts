#!/usr/bin/env node
import { styleText } from 'node:util';
import { Command, CommanderError } from 'commander';
import { demand, Failure, type Connection } from './api.ts';
import { examine } from './doctor.ts';
import { operatorToken } from './operator-token.ts';
import { addParked } from './parked.ts';
import { addProjections } from './projections.ts';

interface Shared {
  readonly url: string;
  readonly tokenFile?: string;
  readonly json?: true;
}

const print = (text: string) => process.stdout.write(`${text}\n`);

/** Speaks to Sparekey as its operator. */
const connect = async (): Promise<Connection> => {
  const { url, tokenFile, json } = program.opts<Shared>();
  const token = await operatorToken(tokenFile);
  return {
    json: json === true,
    print,
    demand: (method, path) => demand(url, method, path, { token }),
  };
};

const program = new Command('sparekey')
  .description('The operator’s tool: speaks to a running Sparekey over HTTP.')
  .option('--url <address>', 'where Sparekey is reached', process.env.SPAREKEY_URL ?? 'http://localhost:4000')
  .option('--token-file <path>', 'file that holds the operator token')
  .option('--json', 'answers for programs')
  .addHelpText(
    'after',
    '\nExit codes: 0 done · 1 refused, or something is found · 2 wrong usage · 3 not reached',
  )
  .exitOverride();

program
  .command('doctor')
  .description('finds the usual mistakes')
  .action(async () => {
    const { url, tokenFile, json } = program.opts<Shared>();
    const hasToken =
      tokenFile ?? process.env.SPAREKEY_OPERATOR_TOKEN ?? process.env.SPAREKEY_OPERATOR_TOKEN_FILE;
    const token = hasToken === undefined ? undefined : await operatorToken(tokenFile);
    const findings = await examine(url, token);
    if (json) print(JSON.stringify({ findings }));
    else
      for (const { check, ok, detail } of findings)
        print(`${ok ? styleText('green', '✓') : styleText('red', '✗')} ${check.padEnd(16)} ${detail}`);
    if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
  });

program
  .command('domain')
  .description('identity domains')
  .command('create')
  .description('makes a domain, or gives it another name')
  .argument('<domain>', 'its id: small letters, digits and hyphens')
  .requiredOption('--name <name>', 'what people know the organisation by')
  .action(async (domain: string, { name }: { name: string }) => {
    const { url, tokenFile, json } = program.opts<Shared>();
    const token = await operatorToken(tokenFile);
    const path = `/v1/domains/${encodeURIComponent(domain)}`;
    const { status, body } = await demand(url, 'PUT', path, { token, body: { displayName: name } });
    print(json ? JSON.stringify(body) : `domain ${domain} ${status === 201 ? 'made' : 'is there'}`);
  });

addParked(program, connect);
addProjections(program, connect);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof Failure) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  } else throw error;
}
