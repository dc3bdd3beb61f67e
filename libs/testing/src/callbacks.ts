/** Put the percent-encoded values in place of {code}, {state}, {iss}. */
export const CALLBACKS: { query: string; outcome: 'signs-in' | 'sign-in-refused'; source: string }[] = [
  { query: 'code={code}&state={state}', outcome: 'signs-in', source: 'RFC 6749 section 4.1.2' },
  { query: 'state={state}&code={code}', outcome: 'signs-in', source: 'order of parameters does not matter' },
  { query: 'code={code}&state={state}&iss={iss}', outcome: 'signs-in', source: 'RFC 9207 section 2' },
  {
    query: 'iss={iss}&state={state}&code={code}',
    outcome: 'signs-in',
    source: 'Google sends iss ahead of code',
  },
  {
    query:
      'state={state}&iss={iss}&code={code}&scope=email+profile+openid+https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fuserinfo.email&authuser=0&hd=example.com&prompt=consent',
    outcome: 'signs-in',
    source: 'Google sends scope, authuser, hd, prompt',
  },
  {
    query: 'code={code}&state={state}&scope=email%20profile%20openid&authuser=1&prompt=none',
    outcome: 'signs-in',
    source: 'Google with a second account',
  },
  {
    query: 'code={code}&state={state}&session_state=0c1f2a34-5b6c-4d7e-8f90-a1b2c3d4e5f6',
    outcome: 'signs-in',
    source: 'Entra sends session_state, OpenID Session Management',
  },
  {
    query:
      'code={code}&state={state}&client_info=eyJ1aWQiOiIwIiwidXRpZCI6IjEifQ&session_state=0c1f2a34-5b6c-4d7e-8f90-a1b2c3d4e5f6',
    outcome: 'signs-in',
    source: 'Entra sends client_info',
  },
  {
    query:
      'code={code}&state={state}&cloud_instance_name=microsoftonline.com&cloud_instance_host_name=login.microsoftonline.com&cloud_graph_host_name=graph.windows.net&msgraph_host=graph.microsoft.com',
    outcome: 'signs-in',
    source: 'Entra sends cloud instance names',
  },
  {
    query: 'state={state}&session_state=9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d&iss={iss}&code={code}',
    outcome: 'signs-in',
    source: 'Keycloak sends session_state and iss',
  },
  {
    query:
      'state={state}&session_state=9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d&iss={iss}&kc_action=UPDATE_PASSWORD&kc_action_status=success&code={code}',
    outcome: 'signs-in',
    source: 'Keycloak sends kc_action and its status',
  },
  {
    query: 'code={code}&state={state}&kc_action_status=cancelled',
    outcome: 'signs-in',
    source: 'Keycloak, action cancelled, sign-in done',
  },
  {
    query: 'code={code}&state={state}&iss={iss}&okta_key=abc123',
    outcome: 'signs-in',
    source: 'invented extra as with Okta',
  },
  {
    query: 'code={code}&state={state}&connection=google-oauth2&organization=org_1a2b3c',
    outcome: 'signs-in',
    source: 'invented extras as with Auth0',
  },
  {
    query: 'code={code}&state={state}&iss={iss}&environmentId=5a1e2b3c&sessionId=77',
    outcome: 'signs-in',
    source: 'invented extras as with PingOne',
  },
  {
    query: 'code={code}&scope=openid%20profile&iss={iss}&state={state}&client_id=two-step',
    outcome: 'signs-in',
    source: 'ForgeRock PingAM sends scope and client_id',
  },
  {
    query: 'code={code}&state={state}&client-request-id=5f0c1f2a-345b-4c6d-8e7f-90a1b2c3d4e5',
    outcome: 'signs-in',
    source: 'ADFS sends client-request-id',
  },
  {
    query: 'state={state}&code={code}&user=%7B%22name%22%3A%7B%22firstName%22%3A%22Anna%22%7D%7D',
    outcome: 'signs-in',
    source: 'Apple sends the user at first sign-in',
  },
  {
    query: 'code={code}&state={state}&iss={iss}&execution=e1s1',
    outcome: 'signs-in',
    source: 'invented extra as with Shibboleth',
  },
  {
    query: 'code={code}&state={state}&glm_source=gitlab.com',
    outcome: 'signs-in',
    source: 'invented extra as with GitLab',
  },
  {
    query: 'code={code}&state={state}&session_state=3f2a.9c81',
    outcome: 'signs-in',
    source: 'session_state as with Authentik, unverified',
  },
  {
    query: 'code={code}&state={state}&authRequest=V2_280917&iss={iss}',
    outcome: 'signs-in',
    source: 'invented extra as with Zitadel',
  },
  {
    query: 'code={code}&state={state}&scope=openid%20profile%20email&session_state=Zm9v.YmFy&iss={iss}',
    outcome: 'signs-in',
    source: 'Duende IdentityServer sends scope, session_state',
  },
  {
    query:
      'code={code}&state={state}&sfdc_community_url=https%3A%2F%2Fexample.my.site.com&sfdc_community_id=0DBSB000001iB7F4AU',
    outcome: 'signs-in',
    source: 'Salesforce sends its community',
  },
  {
    query: 'code={code}&state={state}&location=eu&accounts-server=https%3A%2F%2Faccounts.zoho.eu',
    outcome: 'signs-in',
    source: 'Zoho sends location and accounts-server',
  },
  {
    query: 'code={code}&state={state}&realmId=4620816365',
    outcome: 'signs-in',
    source: 'Intuit sends realmId',
  },
  {
    query: 'code={code}&state={state}&friendship_status_changed=true',
    outcome: 'signs-in',
    source: 'LINE sends friendship_status_changed',
  },
  {
    query: 'code={code}&state={state}&session_state=',
    outcome: 'signs-in',
    source: 'empty unknown parameter, session_state',
  },
  {
    query: 'code={code}&state={state}&scope=&authuser=&hd=&prompt=',
    outcome: 'signs-in',
    source: 'several empty unknown parameters',
  },
  {
    query: 'code={code}&state={state}&flag',
    outcome: 'signs-in',
    source: 'unknown name without equals sign',
  },
  {
    query: 'code={code}&state={state}&',
    outcome: 'signs-in',
    source: 'trailing ampersand, WHATWG URL parser',
  },
  { query: '&&code={code}&&state={state}&&', outcome: 'signs-in', source: 'empty pairs, WHATWG URL parser' },
  {
    query: 'code={code}&state={state}&ui_locales=de&ui_locales=en&ui_locales=fr',
    outcome: 'signs-in',
    source: 'unknown parameter repeated three times',
  },
  {
    query: 'code={code}&state={state}&scope=openid&scope=email',
    outcome: 'signs-in',
    source: 'scope repeated, nothing reads it',
  },
  {
    query: 'code={code}&state={state}&user[name]=Anna&user[mail]=anna%40example.com',
    outcome: 'signs-in',
    source: 'brackets in unknown names, qs style',
  },
  {
    query: 'code={code}&state={state}&amr%5B%5D=pwd&amr%5B%5D=otp',
    outcome: 'signs-in',
    source: 'escaped brackets, PHP list style',
  },
  {
    query: 'code={code}&state={state}&a.b.c=1&urn:example:x=2&x-y_z~=3',
    outcome: 'signs-in',
    source: 'dots, colons, tildes in unknown names',
  },
  {
    query: 'code={code}&state={state}&__proto__=1&constructor=2&__proto__[x]=3&hasOwnProperty=4',
    outcome: 'signs-in',
    source: 'object property names as unknown names',
  },
  {
    query: 'code={code}&state={state}&note=a+b+%2B+c',
    outcome: 'signs-in',
    source: 'plus signs in an unknown value',
  },
  {
    query: 'code={code}&state={state}&next=https%3A%2F%2Fother.example%2F%3Fcode%3Dx%26state%3Dy',
    outcome: 'signs-in',
    source: 'escaped URL with code and state inside',
  },
  {
    query: 'code={code}&state={state}&next=/a/b?c=d',
    outcome: 'signs-in',
    source: 'unescaped slash and question mark',
  },
  {
    query: 'code={code}&state={state}&discount=100%&bad=%zz&cut=%4',
    outcome: 'signs-in',
    source: 'broken percent escapes in unknown values',
  },
  {
    query: 'code={code}&state={state}&name=%FF%FE&%E9t%E9=1',
    outcome: 'signs-in',
    source: 'Latin-1 percent escapes in unknown parameters',
  },
  {
    query: 'code={code}&state={state}&name=%00&line=%0D%0A',
    outcome: 'signs-in',
    source: 'escaped NUL and line end, unknown',
  },
  {
    query: 'code={code}&state={state}&name=%E5%B1%B1%E7%94%B0&name2=%F0%9F%98%80',
    outcome: 'signs-in',
    source: 'UTF-8 names in unknown parameters',
  },
  {
    query: 'code={code}&state={state}&CODE=x&State=y&ISS=z',
    outcome: 'signs-in',
    source: 'names are case-sensitive, capitals are unknown',
  },
  {
    query: 'code={code}&state={state}&code_verifier=x&nonce=y',
    outcome: 'signs-in',
    source: 'request names echoed back, ignored',
  },
  {
    query: 'code={code}&state={state}&trace=' + 'x'.repeat(2000),
    outcome: 'signs-in',
    source: 'unknown value of two kilobytes',
  },
  {
    query: 'code={code}&state={state}&' + 'n'.repeat(500) + '=1',
    outcome: 'signs-in',
    source: 'unknown name of 500 characters',
  },
  {
    query: 'code={code}&state={state}' + '&p=1'.repeat(100),
    outcome: 'signs-in',
    source: 'a hundred unknown parameters',
  },
  {
    query: 'code={code}&state={state}&iss={iss}&utm_source=mail;utm_medium=x',
    outcome: 'signs-in',
    source: 'semicolon is no separator, WHATWG URL',
  },
  {
    query: 'code={code}&state={state}&error_description=&error_uri=',
    outcome: 'signs-in',
    source: 'empty error details without an error',
  },
  {
    query: 'error=access_denied&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 4.1.2.1',
  },
  {
    query: 'error=access_denied&state={state}&iss={iss}',
    outcome: 'sign-in-refused',
    source: 'RFC 9207 section 2 error response',
  },
  {
    query: 'error=access_denied&error_description=User+denied+access&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 4.1.2.1 description',
  },
  {
    query: 'error=access_denied&error_subcode=cancel&state={state}',
    outcome: 'sign-in-refused',
    source: 'Entra sends error_subcode on cancel',
  },
  {
    query:
      'error=access_denied&error_description=AADSTS65004%3A%20User%20declined%20to%20consent.%0D%0ATrace%20ID%3A%201234&error_uri=https%3A%2F%2Flogin.microsoftonline.com%2Ferror%3Fcode%3D65004&state={state}',
    outcome: 'sign-in-refused',
    source: 'Entra description with line ends',
  },
  {
    query:
      'error=access_denied&error_description=%E3%82%A2%E3%82%AF%E3%82%BB%E3%82%B9%E3%81%8C%E6%8B%92%E5%90%A6&state={state}',
    outcome: 'sign-in-refused',
    source: 'description in Japanese, UTF-8 escapes',
  },
  {
    query:
      'error=access_denied&error_description=%D8%AA%D9%85%20%D8%A7%D9%84%D8%B1%D9%81%D8%B6&state={state}',
    outcome: 'sign-in-refused',
    source: 'description in Arabic, UTF-8 escapes',
  },
  {
    query: 'error=access_denied&error_description=Zugriff%20verweigert%20f%FCr%20Anna&state={state}',
    outcome: 'sign-in-refused',
    source: 'description in Latin-1 percent escapes',
  },
  {
    query: 'error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E&state={state}',
    outcome: 'sign-in-refused',
    source: 'description holds a script',
  },
  {
    query: 'error=access_denied&state={state}&error_description=' + 'x'.repeat(2000),
    outcome: 'sign-in-refused',
    source: 'description of two kilobytes',
  },
  {
    query:
      'error=access_denied&error_description=The+resource+owner+or+authorization+server+denied+the+request.&state={state}',
    outcome: 'sign-in-refused',
    source: 'GitLab, Doorkeeper error text',
  },
  {
    query: 'error=user_cancelled_authorize&state={state}',
    outcome: 'sign-in-refused',
    source: 'Apple, own error code on cancel',
  },
  {
    query: 'error=login_required&state={state}',
    outcome: 'sign-in-refused',
    source: 'OpenID Connect Core section 3.1.2.6',
  },
  {
    query: 'error=interaction_required&state={state}',
    outcome: 'sign-in-refused',
    source: 'OpenID Connect Core section 3.1.2.6',
  },
  {
    query: 'error=consent_required&state={state}',
    outcome: 'sign-in-refused',
    source: 'OpenID Connect Core section 3.1.2.6',
  },
  {
    query: 'error=account_selection_required&state={state}&iss={iss}',
    outcome: 'sign-in-refused',
    source: 'OpenID Connect Core section 3.1.2.6',
  },
  {
    query: 'error=server_error&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 4.1.2.1',
  },
  {
    query: 'error=temporarily_unavailable&error_description=authentication_expired&state={state}&iss={iss}',
    outcome: 'sign-in-refused',
    source: 'Keycloak, login page timed out',
  },
  {
    query: 'error=invalid_scope&error_description=Invalid+scopes%3A+openid+x&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 4.1.2.1',
  },
  {
    query: 'error=unmet_authentication_requirements&state={state}',
    outcome: 'sign-in-refused',
    source: 'OpenID Unmet Authentication Requirements 1.0',
  },
  {
    query: 'error=something_new&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 8.5 extension error',
  },
  { query: 'error=access_denied', outcome: 'sign-in-refused', source: 'error response without its state' },
  {
    query: 'error=access_denied&state=of-somebody-else',
    outcome: 'sign-in-refused',
    source: 'error response with another state',
  },
  { query: 'code=&state={state}', outcome: 'sign-in-refused', source: 'empty code is no code' },
  { query: 'state={state}', outcome: 'sign-in-refused', source: 'code missing, RFC 6749 section 4.1.2' },
  { query: 'code&state={state}', outcome: 'sign-in-refused', source: 'code without equals sign is empty' },
  { query: 'code={code}', outcome: 'sign-in-refused', source: 'state missing, RFC 6749 section 10.12' },
  { query: 'code={code}&state=', outcome: 'sign-in-refused', source: 'empty state is no state' },
  {
    query: 'code={code}&state=of-somebody-else',
    outcome: 'sign-in-refused',
    source: 'another state, RFC 6749 section 10.12',
  },
  {
    query: 'code={code}&state={state}x',
    outcome: 'sign-in-refused',
    source: 'state with one character more',
  },
  {
    query: 'code={code}&state={state}&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 state repeated',
  },
  {
    query: 'code={code}&state={state}&state=of-somebody-else',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 two states',
  },
  {
    query: 'code={code}&state=of-somebody-else&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 two states',
  },
  {
    query: 'code={code}&code={code}&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 code repeated',
  },
  {
    query: 'code={code}&code=of-somebody-else&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 two codes',
  },
  {
    query: 'code=of-somebody-else&code={code}&state={state}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 two codes',
  },
  {
    query: 'code=not-a-code&state={state}',
    outcome: 'sign-in-refused',
    source: 'provider refuses the code, invalid_grant',
  },
  {
    query: 'code={code}&state={state}&iss=https%3A%2F%2Fevil.example',
    outcome: 'sign-in-refused',
    source: 'RFC 9207 section 2.4 mix-up attack',
  },
  {
    query: 'code={code}&state={state}&iss={iss}%2F',
    outcome: 'sign-in-refused',
    source: 'RFC 9207 section 2.4 simple string comparison',
  },
  {
    query: 'code={code}&state={state}&iss={iss}&iss=https%3A%2F%2Fevil.example',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 two issuers',
  },
  {
    query: 'code={code}&state={state}&iss=https%3A%2F%2Fevil.example&iss={iss}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 two issuers',
  },
  {
    query: 'code[]={code}&state={state}',
    outcome: 'sign-in-refused',
    source: 'brackets make another name, code missing',
  },
  {
    query: 'code={code}&state[]={state}',
    outcome: 'sign-in-refused',
    source: 'brackets make another name, state missing',
  },
  {
    query: 'Code={code}&State={state}',
    outcome: 'sign-in-refused',
    source: 'names are case-sensitive, both missing',
  },
  {
    query: 'response=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln',
    outcome: 'sign-in-refused',
    source: 'JARM section 2.3.1, not asked for',
  },
  {
    query: 'response=eyJhbGciOiJub25lIn0.eyJjb2RlIjoieCJ9.&state={state}',
    outcome: 'sign-in-refused',
    source: 'JARM with algorithm none',
  },
  { query: '', outcome: 'sign-in-refused', source: 'empty query, bookmark of the address' },
  { query: 'foo=bar', outcome: 'sign-in-refused', source: 'nothing of the response at all' },
  {
    query: 'SAMLResponse=PHNhbWw%2B&RelayState={state}',
    outcome: 'sign-in-refused',
    source: 'SAML response at the wrong address',
  },
  {
    query: 'oauth_token={code}&oauth_verifier={state}',
    outcome: 'sign-in-refused',
    source: 'OAuth 1.0a response, RFC 5849',
  },
  {
    query: 'interaction_code={code}&state={state}',
    outcome: 'sign-in-refused',
    source: 'Okta interaction code is no code',
  },
  {
    query: 'code={code}&state={state}&error=access_denied',
    outcome: 'sign-in-refused',
    source: 'code and error together, RFC 6749 4.1.2.1',
  },
  {
    query: 'code={code}&state={state}&error=',
    outcome: 'signs-in',
    source: 'empty error, RFC 6749 section 3.1',
  },
  {
    query: 'code={code}&state={state}&iss=',
    outcome: 'signs-in',
    source: 'empty iss is none, RFC 6749 section 3.1',
  },
  {
    query: 'code={code}&state={state}&iss={iss}&iss={iss}',
    outcome: 'sign-in-refused',
    source: 'RFC 6749 section 3.1 iss repeated',
  },
  {
    query: 'code={code}&state={state}&response=eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln',
    outcome: 'sign-in-refused',
    source: 'JARM beside code and state',
  },
  {
    query: 'code={code}&state={state}&id_token=eyJhbGciOiJub25lIn0.e30.',
    outcome: 'sign-in-refused',
    source: 'hybrid flow response, not asked for',
  },
  {
    query: 'code={code}&state={state}&access_token=abc&token_type=Bearer',
    outcome: 'signs-in',
    source: 'unasked token in the query, ignored',
  },
  { query: 'error=&state={state}', outcome: 'sign-in-refused', source: 'empty error and no code' },
];
