import { parentPort, workerData } from 'node:worker_threads'
import { shaCryptDigest, type ShaCryptInput } from './shaCryptDigest.ts'

parentPort?.postMessage(shaCryptDigest(workerData as ShaCryptInput))
