import { parentPort, workerData } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

const { password, words } = workerData as { password: string; words: string[] };
const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
parentPort!.postMessage(estimator.check(password, words).score);
