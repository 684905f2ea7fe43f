/* Simulates the Sun and the four giant planets under Newton's gravity, and prints the system's energy before and after:
 * it must hardly change, so it tells how good the simulation is.
 * Argument: the number of steps, 0.01 years each. Prints two lines, the energies in solar masses times square
 * astronomical units a square year. Exit code: 0, or 2 for a bad number. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DAYS_PER_YEAR 365.24
#define SOLAR_MASS 39.47841760435743 /* 4 pi^2: then the gravitational constant is 1 */
#define STEP_YEARS 0.01
#define BODIES 5

struct body {
  double position[3], velocity[3], mass;
};

/* The Sun, Jupiter, Saturn, Uranus, Neptune: the start values that this benchmark commonly has. Until convert_units,
 * positions are in astronomical units, velocities in these a day, masses in solar masses. */
static struct body bodies[BODIES] = {
    {{0, 0, 0}, {0, 0, 0}, 1},
    {{4.84143144246472090, -1.16032004402742839, -0.103622044471123109},
     {0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023},
     0.000954791938424326609},
    {{8.34336671824457987, 4.12479856412430479, -0.403523417114321381},
     {-0.00276742510726411, 0.00499852801234917238, 0.0000230417297573763929},
     0.000285885980666130812},
    {{12.8943695621391310, -15.1111514016986312, -0.223307578892655734},
     {0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556},
     0.0000436624404335156298},
    {{15.3796971148509165, -25.9193146099879641, 0.179258772950371181},
     {0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870},
     0.0000515138902046611451},
};

static void convert_units(void) {
  for (int i = 0; i < BODIES; i++) {
    for (int axis = 0; axis < 3; axis++) bodies[i].velocity[axis] *= DAYS_PER_YEAR;
    bodies[i].mass *= SOLAR_MASS;
  }
}

/* Gives the Sun the velocity at which the whole system's momentum is zero. */
static void rest_center_of_mass(void) {
  for (int axis = 0; axis < 3; axis++) {
    double momentum = 0;
    for (int i = 0; i < BODIES; i++) momentum += bodies[i].velocity[axis] * bodies[i].mass;
    bodies[0].velocity[axis] -= momentum / SOLAR_MASS;
  }
}

/* Writes the vector from b to a into `difference` and returns its square. */
static double square_distance(const struct body *a, const struct body *b, double *difference) {
  double square = 0;
  for (int axis = 0; axis < 3; axis++) {
    difference[axis] = a->position[axis] - b->position[axis];
    square += difference[axis] * difference[axis];
  }
  return square;
}

static void attract(struct body *a, struct body *b) {
  double difference[3];
  double square = square_distance(a, b, difference);
  double magnitude = STEP_YEARS / (square * sqrt(square));
  for (int axis = 0; axis < 3; axis++) {
    a->velocity[axis] -= difference[axis] * b->mass * magnitude;
    b->velocity[axis] += difference[axis] * a->mass * magnitude;
  }
}

static void advance(void) {
  for (int i = 0; i < BODIES; i++)
    for (int j = i + 1; j < BODIES; j++) attract(&bodies[i], &bodies[j]);
  for (int i = 0; i < BODIES; i++)
    for (int axis = 0; axis < 3; axis++) bodies[i].position[axis] += STEP_YEARS * bodies[i].velocity[axis];
}

static double energy(void) {
  double sum = 0, difference[3];
  for (int i = 0; i < BODIES; i++) {
    const double *v = bodies[i].velocity;
    sum += 0.5 * bodies[i].mass * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    for (int j = i + 1; j < BODIES; j++)
      sum -= bodies[i].mass * bodies[j].mass / sqrt(square_distance(&bodies[i], &bodies[j], difference));
  }
  return sum;
}

int main(int argc, char **argv) {
  int steps = argc > 1 ? atoi(argv[1]) : -1;
  if (steps < 0) {
    fprintf(stderr, "usage: n-body STEPS, a whole number\n");
    return 2;
  }
  convert_units();
  rest_center_of_mass();
  printf("%.9f\n", energy());
  for (int step = 0; step < steps; step++) advance();
  printf("%.9f\n", energy());
  return 0;
}
