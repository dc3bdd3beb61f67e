import { DEFAULT_POLICY, type DomainFact } from '@sparekey/contracts';
import { given as givenEvents } from '@sparekey/event-sourcing/testing';
import { domainDecider } from './domain.ts';

const given = (...events: DomainFact[]) => givenEvents(domainDecider, ...events);

const created: DomainFact = { type: 'DomainCreated', data: { displayName: 'Acme' } };
/** Registered from the beginning. */
const signInService: DomainFact = {
  type: 'ServiceRegistered',
  data: { service: 'identity', displayName: 'Sparekey sign-in', returnUrls: [], onBehalf: false },
};
const settings = { displayName: 'Payroll', returnUrls: [], onBehalf: true };
const registered: DomainFact = { type: 'ServiceRegistered', data: { service: 'payroll', ...settings } };
const stricter = { ...DEFAULT_POLICY, maxFactors: 3 };

describe('an identity domain', () => {
  test('is created by its name, and renamed by another', () => {
    given().when({ type: 'NameDomain', displayName: 'Acme' }).then(created, signInService);
    given(created)
      .when({ type: 'NameDomain', displayName: 'Acme Ltd' })
      .then({ type: 'DomainRenamed', data: { displayName: 'Acme Ltd' } });
  });

  test('says nothing twice', () => {
    given(created).when({ type: 'NameDomain', displayName: 'Acme' }).then();
    given(created, registered).when({ type: 'RegisterService', service: 'payroll', settings }).then();
    given(created).when({ type: 'ReplacePolicy', policy: DEFAULT_POLICY, expected: 0 }).then();
  });

  test('has neither services nor policies before it is created', () => {
    given().when({ type: 'RegisterService', service: 'payroll', settings }).refuses('not-found');
    given().when({ type: 'RemoveService', service: 'payroll' }).refuses('not-found');
    given().when({ type: 'ReplacePolicy', policy: stricter, expected: 0 }).refuses('not-found');
  });

  test('registers a service, replaces its settings, removes it', () => {
    given(created).when({ type: 'RegisterService', service: 'payroll', settings }).then(registered);
    const without = { ...settings, onBehalf: false };
    given(created, registered)
      .when({ type: 'RegisterService', service: 'payroll', settings: without })
      .then({ type: 'ServiceRegistered', data: { service: 'payroll', ...without } });
    given(created, registered)
      .when({ type: 'RemoveService', service: 'payroll' })
      .then({ type: 'ServiceRemoved', data: { service: 'payroll' } });
    given(created).when({ type: 'RemoveService', service: 'payroll' }).refuses('not-found');
  });

  test('keeps the public keys that a service signs by', () => {
    const eventKeys = [{ kid: 'k1', kty: 'OKP' as const, crv: 'Ed25519' as const, x: 'x'.repeat(43) }];
    const withKeys = { ...settings, eventKeys };
    const fact: DomainFact = { type: 'ServiceRegistered', data: { service: 'payroll', ...withKeys } };
    given(created).when({ type: 'RegisterService', service: 'payroll', settings: withKeys }).then(fact);
    expect(given(created, fact).state.services.get('payroll')).toMatchObject(withKeys);
  });

  test('says what roles a user holds, once', () => {
    const roles = ['help-desk', 'auditor'] as const;
    const changed: DomainFact = {
      type: 'RolesChanged',
      data: { user: 'ada', roles: ['auditor', 'help-desk'] },
    };
    given(created).when({ type: 'ChangeRoles', user: 'ada', roles }).then(changed);
    given(created, changed).when({ type: 'ChangeRoles', user: 'ada', roles }).then();
    given(created).when({ type: 'ChangeRoles', user: 'ada', roles: [] }).then();
  });

  test("sets the organisation's providers, replaces and removes them", () => {
    const corp = {
      issuer: 'https://id.acme.example',
      jwksUri: 'https://id.acme.example/jwks',
      audience: 'sparekey',
      claims: { user: { claim: 'sub', hash: false } },
    };
    const set: DomainFact = { type: 'IdentityProviderSet', data: { provider: 'corp', ...corp } };
    given(created).when({ type: 'SetProvider', provider: 'corp', settings: corp }).then(set);
    given(created, set).when({ type: 'SetProvider', provider: 'corp', settings: corp }).then();
    given(created, set)
      .when({ type: 'RemoveProvider', provider: 'corp' })
      .then({ type: 'IdentityProviderRemoved', data: { provider: 'corp' } });
    given(created).when({ type: 'RemoveProvider', provider: 'corp' }).refuses('not-found');
  });

  test('replaces the policy that its writer has seen, and no other', () => {
    const changed: DomainFact = { type: 'PolicyChanged', data: { policyVersion: 1, policy: stricter } };
    given(created).when({ type: 'ReplacePolicy', policy: stricter, expected: 0 }).then(changed);
    given(created, changed)
      .when({ type: 'ReplacePolicy', policy: DEFAULT_POLICY, expected: 0 })
      .refuses('precondition-failed');
    expect(given(created, changed).state).toMatchObject({ policyVersion: 1, policy: stricter });
  });
});
