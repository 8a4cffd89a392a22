import { configureGlobal, readConfigureGlobal } from 'fast-check';

/** The same cases in every run, here and in CI; `REEVE_SEED=7 npm test` tries others. */
const seed = Number(process.env.REEVE_SEED ?? 20_261_121);
configureGlobal({ ...readConfigureGlobal(), seed });
