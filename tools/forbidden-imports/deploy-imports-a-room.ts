// stands at: deploy/docker/forbidden.mjs
// refused by: deploy
import '@sparekey/verification';
