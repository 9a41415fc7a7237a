#include "spots.h"

#include "maths.h"
#include "memory.h"

#define SPOT_EDGE 6 /* pixels of the level: the patch and its gradients stay inside */
#define SMALLEST_CELL 7
/* Where most of a print is empty paper, few cells have texture: smaller ones give what is printed more spots. With 120
 * instead of 70 a card is as precise, but lost more often under a hand (measured). */
#define FEW_SPOTS 64
#define MORE_SPOTS 80
/* Sum over 7 x 7 pixels of the squared central difference: a slope of 2 grey values a pixel. */
#define LEAST_RESPONSE (49 * 4.0f * 4.0f * 0.5f)

typedef struct {
  float response;
  Spot spot;
} Found;

static Found best_of_cell(const Image *image, int x0, int y0, int x1, int y1) {
  Found best = {0, {0, 0}};
  for (int y = y0; y < y1; y += 2)
    for (int x = x0; x < x1; x += 2) {
      float response = corner_response(image, x, y);
      if (response > best.response) best = (Found){response, {(uint16_t)x, (uint16_t)y}};
    }
  return best;
}

static void insert(Found *list, int count, Found fresh) {
  for (; count > 0 && list[count - 1].response < fresh.response; count--) list[count] = list[count - 1];
  list[count] = fresh;
}

/* The best pixel of every cell with texture, the best first; -1 when there are more of them than `list` holds. */
static int spots_of_cells(const Image *image, int cell, Found list[LEVEL_SPOTS]) {
  int right = image->width - SPOT_EDGE, bottom = image->height - SPOT_EDGE, count = 0;
  for (int y = SPOT_EDGE; y < bottom; y += cell)
    for (int x = SPOT_EDGE; x < right; x += cell) {
      Found best = best_of_cell(image, x, y, mini(x + cell, right), mini(y + cell, bottom));
      if (best.response <= LEAST_RESPONSE) continue;
      if (count == LEVEL_SPOTS) return -1;
      insert(list, count, best), count++;
    }
  return count;
}

static int level_spots(const Image *image, Spot *spots) {
  Found list[LEVEL_SPOTS], others[LEVEL_SPOTS];
  int width = image->width - 2 * SPOT_EDGE, height = image->height - 2 * SPOT_EDGE;
  if (width < 1 || height < 1) return 0;
  int cell = SMALLEST_CELL;
  while (((width + cell - 1) / cell) * ((height + cell - 1) / cell) > LEVEL_SPOTS) cell++;
  int count = spots_of_cells(image, cell, list);
  while (count < FEW_SPOTS && cell > SMALLEST_CELL) {
    cell = clampi((int)((float)cell * root((float)count / MORE_SPOTS)) + 1, SMALLEST_CELL, cell - 1);
    int more = spots_of_cells(image, cell, others);
    if (more < 0) break;
    memcpy(list, others, sizeof list);
    count = more;
  }
  for (int i = 0; i < count; i++) spots[i] = list[i].spot;
  return count;
}

int choose_spots(const Pyramid *picture, Spot spots[MAX_SPOTS], int count[PYRAMID_LEVELS]) {
  int total = 0;
  for (int n = 0; n < PYRAMID_LEVELS; n++) {
    count[n] = n < picture->levels ? level_spots(&picture->level[n], spots + total) : 0;
    total += count[n];
  }
  return total;
}
