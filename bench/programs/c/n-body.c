/* Moves five planets n steps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct body { double x, y, z, vx, vy, vz, mass; };

#define PI 3.141592653589793
#define MASS (4 * PI * PI)
#define DAYS 365.24

static struct body bodies[] = {
    {0, 0, 0, 0, 0, 0, MASS},
    {4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694 * DAYS,
     0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS, 0.000954791938424326609 * MASS},
    {8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411126 * DAYS,
     0.00499852801234917238 * DAYS, 0.0000230417297573763929 * DAYS, 0.000285885980666130812 * MASS},
    {12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618 * DAYS,
     0.00237847173959480950 * DAYS, -0.0000296589568540237556 * DAYS, 0.0000436624404335156298 * MASS},
    {15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322 * DAYS,
     0.00162824170038242295 * DAYS, -0.0000951592254519715870 * DAYS, 0.0000515138902046611451 * MASS},
};
#define COUNT 5

static void advance(double dt) {
  for (int i = 0; i < COUNT; i++) {
    struct body *a = &bodies[i];
    for (int j = i + 1; j < COUNT; j++) {
      struct body *b = &bodies[j];
      double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
      double square = dx * dx + dy * dy + dz * dz;
      double strength = dt / (square * sqrt(square));
      a->vx -= dx * b->mass * strength;
      a->vy -= dy * b->mass * strength;
      a->vz -= dz * b->mass * strength;
      b->vx += dx * a->mass * strength;
      b->vy += dy * a->mass * strength;
      b->vz += dz * a->mass * strength;
    }
  }
  for (int i = 0; i < COUNT; i++) {
    struct body *a = &bodies[i];
    a->x += dt * a->vx;
    a->y += dt * a->vy;
    a->z += dt * a->vz;
  }
}

int main(int argc, char **argv) {
  int n = atoi(argv[1]);
  for (int i = 0; i < n; i++) advance(0.01);
  printf("%.9f %.9f\n", bodies[1].x, bodies[4].vy);
}
