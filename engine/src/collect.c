#include "compile.h"
#include "maths.h"
#include "memory.h"

/* Corners nearer to the print's border than this (view pixels) are the border itself or its neighbour. */
#define BORDER 2.0f

/* How many corners a view contributes: fewer the smaller the print appears in it. */
static int view_quota(int view) {
  static const int frontal[VIEW_SCALES] = {420, 330, 260, 200, 140, 90, 60, 40, 30, 20};
  int quota = frontal[view / TILTS];
  return view % TILTS ? quota / 2 : quota;
}

void collect_view(Candidates *c, const Pyramid *picture, int view, Extractor *extractor, int room_width,
                  int room_height) {
  Homography to_picture;
  float w = (float)picture->level[0].width, h = (float)picture->level[0].height;
  if (!draw_view(picture, view, extractor, room_width, room_height, &to_picture)) return;
  int corners = extract(extractor, 1), taken = 0;
  float border = BORDER * (float)to_picture.m[0];
  for (int i = 0; i < corners && taken < view_quota(view) && c->count < MAX_CANDIDATE_FEATURES; i++) {
    const Corner *corner = &extracted_corners(extractor)[i];
    Point p = project(&to_picture, corner->x, corner->y);
    if (p.x < border || p.y < border || p.x > w - 1 - border || p.y > h - 1 - border) continue;
    Feature *f = &c->feature[c->count];
    *f = (Feature){p.x, p.y, {0, 0, 0, 0}, (uint8_t)view, corner->angle, 0};
    feature_set_view(f);
    c->response[c->count] = corner->response;
    memcpy(c->descriptor[c->count++], extracted_descriptors(extractor) + i * DESCRIPTOR_BYTES, DESCRIPTOR_BYTES);
    taken++;
  }
}
