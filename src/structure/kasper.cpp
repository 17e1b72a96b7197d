#include "structure/kasper.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace heteroglass::structure {

std::array<int, 5> kasper_polyhedron(int faces) {
  static constexpr std::array<std::array<int, 5>, 10> small = {{{4, 0, 0, 0, 0},
                                                                {2, 3, 0, 0, 0},
                                                                {0, 6, 0, 0, 0},
                                                                {0, 5, 2, 0, 0},
                                                                {0, 4, 4, 0, 0},
                                                                {0, 3, 6, 0, 0},
                                                                {0, 2, 8, 0, 0},
                                                                {0, 2, 8, 1, 0},
                                                                {0, 0, 12, 0, 0},
                                                                {0, 1, 10, 2, 0}}};
  if (faces < 14) return small.at(static_cast<std::size_t>(faces - 4));
  return {0, 0, 12, faces - 12, 0};
}

double kasper_distance(const std::array<int, 5>& orders) {
  const int faces = std::accumulate(orders.begin(), orders.end(), 0);
  if (faces < 4) return std::numeric_limits<double>::quiet_NaN();
  const auto ideal = kasper_polyhedron(faces);
  int sum = 0;
  for (std::size_t k = 0; k < 5; ++k) sum += std::abs(orders[k] - ideal[k]);
  return 0.5 * sum;
}

std::string_view motif_class(double distance) {
  if (std::isnan(distance)) return "no polyhedron";
  return distance == 0 ? "favoured" : distance <= unfavoured_above_distance ? "distorted" : "unfavoured";
}

}  // namespace heteroglass::structure
