/* Learning which features of a picture survive print and camera. */
#ifndef ARV_LEARN_H
#define ARV_LEARN_H

#include "compile.h"

#define LEARN_VIEWS 48
#define KEEP_FEATURES 900

typedef struct Learner Learner;

Learner *learner_new(const Candidates *candidates, const Pyramid *picture);
void learner_free(Learner *learner);
/* Renders view 0..LEARN_VIEWS-1, looks for the candidates in it, and remembers which would help. */
void learn_view(Learner *learner, int view);
/* Moves the chosen features to the front of the candidates and sets their survival (0..255); returns how
 * many. `survival` and `distinctness` of the report come with it. */
int learn_choose(Learner *learner, Candidates *candidates, float *survival, float *distinctness);

#endif
