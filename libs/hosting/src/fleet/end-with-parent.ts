// Loaded by `--import` into a process of the fleet: when who started it is gone, however that ended, it ends too.
const LOOK_MS = 1_000;
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, LOOK_MS).unref();
