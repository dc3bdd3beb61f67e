/** What somebody is called where there is room for one name: their name, else an address, else their id. */
export const calledBy = ({
  userId,
  displayName,
  emails = [],
}: {
  readonly userId: string;
  readonly displayName?: string;
  readonly emails?: readonly string[];
}): string => displayName ?? emails[0] ?? userId;
