#include "landscape/local_stiffness.hpp"

#include <algorithm>

#include "landscape/moduli.hpp"

namespace heteroglass::landscape {
namespace {

using potential::Stiffness;

Mat3 strained(std::size_t k, double e) {
  constexpr std::size_t row[6] = {0, 1, 2, 1, 0, 0}, column[6] = {0, 1, 2, 2, 2, 1};
  Mat3 f = Mat3::identity();
  f[row[k]][column[k]] += e / 2, f[column[k]][row[k]] += e / 2;
  return f;
}

/// Adds the slope of all virials with strain component l to column l.
void slopes(Harmonic& minimum, const StrainResponse& response, bool relax, std::vector<Stiffness>& out) {
  constexpr double h = 1e-6;
  const Box& box = minimum.frame().box;
  const double unit = minimum.pressure_unit();
  std::vector<Vec3> position(minimum.atoms());
  for (std::size_t l = 0; l < 6; ++l) {
    if (minimum.dimension() == 2 && (l == 2 || l == 3 || l == 4)) continue;
    for (const double e : {h, -h}) {
      const Mat3 f = strained(l, e);
      for (std::size_t i = 0; i < position.size(); ++i) {
        position[i] = f * minimum.frame().position[i];
        if (relax) position[i] += e * response.displacement[i][l];
      }
      const auto virial = minimum.calculator().per_atom(Box(f * box.edges(), f * box.origin(), box.periodicity()), position).virial;
      for (std::size_t i = 0; i < position.size(); ++i)
        for (std::size_t k = 0; k < 6; ++k) {
          out[i][k][l] += unit * virial[i][k] / (2 * e);
          if (l < 3) out[i][k][l] -= unit * virial[i][k] / 2;
        }
    }
  }
}

}  // namespace

LocalStiffness local_stiffness(Harmonic& minimum, const StrainResponse& response) {
  LocalStiffness out;
  out.relaxed.assign(minimum.atoms(), {});
  out.affine.assign(minimum.atoms(), {});
  slopes(minimum, response, true, out.relaxed);
  slopes(minimum, response, false, out.affine);
  return out;
}

double shear_average(const Stiffness& c, int dimension) {
  double sum = 0;
  const auto directions = shear_directions(dimension);
  for (const potential::Voigt& n : directions) sum += contract(n, c, n) / 2;
  return sum / static_cast<double>(directions.size());
}

double bulk_average(const Stiffness& c, int dimension) {
  double sum = 0;
  const auto d = static_cast<std::size_t>(dimension);
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j < d; ++j) sum += c[i][j];
  return sum / (dimension * dimension);
}

}  // namespace heteroglass::landscape
