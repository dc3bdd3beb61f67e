import { htmlOf, textOf, type Letter } from './letter.ts';

const letter: Letter = {
  language: 'en',
  organisation: 'Acme & Sons',
  title: 'A sign-in method was added',
  lead: '“<b>Phone</b>” can now be used.',
  facts: [{ term: 'When', fact: 'Sunday' }],
  then: [
    { strong: 'If this was you,', rest: 'there is nothing to do.' },
    { strong: 'If this was not you,', rest: 'tell us.' },
  ],
  link: { address: 'https://id.example/notice#skn_"x"', label: 'This was not me' },
  foot: 'Acme sends this.',
};

describe('a letter', () => {
  test('says the same as a mail and in plain text', () => {
    const html = htmlOf(letter);
    const said = html
      .replace(/<style>[^]*<\/style>/, '')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>');
    for (const words of ['can now be used.', 'Sunday', 'If this was you,', 'tell us.', 'Acme sends this.']) {
      expect(said).toContain(words);
      expect(textOf(letter)).toContain(words);
    }
    expect(textOf(letter)).toContain('\n\nhttps://id.example/notice#skn_"x"\n\n');
  });

  test('lets nothing of others become markup', () => {
    const html = htmlOf(letter);
    expect(html).not.toContain('<b>Phone');
    expect(html).toContain('&lt;b&gt;Phone&lt;/b&gt;');
    expect(html).toContain('Acme &amp; Sons');
    expect(html).toContain('href="https://id.example/notice#skn_&quot;x&quot;"');
  });

  test('loads nothing from elsewhere and counts no opening', () => {
    expect(htmlOf(letter)).not.toMatch(/<img|<link|<script|url\(|@import|http(?!s:\/\/id\.example)/);
  });

  test('leaves out what it does not have', () => {
    const { link: _link, foot: _foot, ...short } = letter;
    const html = htmlOf({ ...short, facts: [], then: [] });
    expect(html).not.toContain('<a ');
    expect(textOf({ ...short, facts: [], then: [] })).toBe(`${letter.lead}\n`);
  });
});
