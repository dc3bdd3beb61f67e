import { useInfiniteQuery } from '@tanstack/react-query';
import { api, ask } from '../api/client.ts';
import { ACTIONS } from '../administration/audit/actions.ts';
import { Loaded } from '../design/loaded.tsx';
import { More } from '../design/more.tsx';
import { Page } from '../design/page.tsx';
import type { PageProps } from '../signed-in.tsx';
import { names } from '../texts/page-names.ts';
import { Told } from '../security/lately.tsx';
import { spoken } from '../texts/spoken.ts';

const say = spoken({
  en: {
    lead: 'Everything that happened to your account, newest first. What you do not recognise, tell your help desk.',
  },
  nl: {
    lead: 'Alles wat er met uw account gebeurde, het nieuwste eerst. Herkent u iets niet, zeg het dan uw helpdesk.',
  },
});

/** The whole log of one's own account, a page at a time. */
export default function SecurityLogPage({ session: { domain, userId } }: PageProps) {
  const query = useInfiniteQuery({
    queryKey: ['security-log', userId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) => {
      const params = {
        path: { domain, user: userId },
        query: { limit: 50, ...(cursor !== undefined && { cursor }) },
      };
      return ask(() => api.GET('/v1/domains/{domain}/users/{user}/audit', { params }));
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return (
    <Page title={names.log} lead={say.lead}>
      <Loaded of={query} ghosts={10}>
        {({ pages }) => (
          <div className="stack l">
            <Told entries={pages.flatMap(({ items }) => items)} otherwise={({ action }) => ACTIONS[action]} />
            <More of={query} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
