/* Trackability: this very detector and tracker, run over simulated phone views. */
#ifndef ARV_SCORE_H
#define ARV_SCORE_H

#include "arv_engine.h"
#include "target.h"

typedef struct Score Score;

/* Takes a copy of the file; NULL on an unusable file (error set) or without memory. */
Score *score_new(const uint8_t *file, uint32_t size, int *error);
void score_free(Score *score);
/* One check; returns per mille done. The report is complete at 1000. */
int score_step(Score *score);
/* What learning found out; a file scored later does not know and passes -1. */
void score_learned(Score *score, float survival, float distinctness);
const ArvReport *score_report(const Score *score);

#endif
