import { PAGES } from '@sparekey/console';

// read before anything else of Sparekey is, like register.ts: the same pages, built with one more method
(PAGES as { directory: string }).directory = process.env.MADE_UP_PAGES!;
