#include "landscape/moduli.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"

namespace heteroglass::landscape {
namespace {

using potential::Stiffness;
using potential::Voigt;

constexpr std::pair<int, int> pair_of[6] = {{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}};

/// Inverse by Gauss-Jordan with pivots; an indefinite but regular matrix is allowed (a sample may be unstable in one direction).
Stiffness compliance(Stiffness a) {
  Stiffness b{};
  for (std::size_t i = 0; i < 6; ++i) b[i][i] = 1;
  for (std::size_t c = 0; c < 6; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c; r < 6; ++r)
      if (std::abs(a[r][c]) > std::abs(a[pivot][c])) pivot = r;
    std::swap(a[c], a[pivot]), std::swap(b[c], b[pivot]);
    const double d = a[c][c];
    if (d == 0) {
      for (auto& row : b) row.fill(NAN);
      return b;
    }
    for (std::size_t k = 0; k < 6; ++k) a[c][k] /= d, b[c][k] /= d;
    for (std::size_t r = 0; r < 6; ++r) {
      if (r == c) continue;
      const double f = a[r][c];
      for (std::size_t k = 0; k < 6; ++k) a[r][k] -= f * a[c][k], b[r][k] -= f * b[c][k];
    }
  }
  return b;
}

double standard_error(const std::vector<double>& v) {
  double mean = 0, squares = 0;
  for (const double x : v) mean += x / static_cast<double>(v.size());
  for (const double x : v) squares += (x - mean) * (x - mean);
  const auto n = static_cast<double>(v.size());
  return std::sqrt(squares / (n - 1) / n);
}

void derived(Moduli& m, int dimension) {
  const double k = m.bulk.value, g = m.shear.value, dk = m.bulk.error, dg = m.shear.error;
  const std::string note = "from the errors of bulk and shear modulus";
  if (dimension == 2) {
    const double s = k + g;
    m.youngs = {4 * k * g / s, 4 * std::hypot(g * g * dk, k * k * dg) / (s * s), note};
    m.poisson = {(k - g) / s, 2 * std::hypot(g * dk, k * dg) / (s * s), note};
    return;
  }
  const double s = 3 * k + g;
  m.youngs = {9 * k * g / s, 9 * std::hypot(g * g * dk, 3 * k * k * dg) / (s * s), note};
  m.poisson = {(3 * k - 2 * g) / (2 * s), 4.5 * std::hypot(g * dk, k * dg) / (s * s), note};
}

}  // namespace

double contract(const Voigt& a, const Stiffness& c, const Voigt& b) {
  double sum = 0;
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j) sum += a[i] * c[i][j] * b[j];
  return sum;
}

std::vector<Voigt> shear_directions(int dimension) {
  const double two = 1 / std::sqrt(2.0), six = 1 / std::sqrt(6.0), shear = std::sqrt(2.0);  // gamma = 2 e
  if (dimension == 2) return {{two, -two, 0, 0, 0, 0}, {0, 0, 0, 0, 0, shear}};
  return {{two, -two, 0, 0, 0, 0}, {six, six, -2 * six, 0, 0, 0}, {0, 0, 0, shear, 0, 0}, {0, 0, 0, 0, shear, 0}, {0, 0, 0, 0, 0, shear}};
}

Moduli moduli(const Stiffness& c, int dimension) {
  Moduli m;
  for (const Voigt& n : shear_directions(dimension)) m.shear_moduli.push_back(contract(n, c, n) / 2);
  for (const double g : m.shear_moduli) m.shear_voigt += g / static_cast<double>(m.shear_moduli.size());
  const std::string note = "scatter of directions: 0 in an isotropic cell";
  std::vector<double> thirds;
  const auto d = static_cast<std::size_t>(dimension);
  for (std::size_t i = 0; i < d; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < d; ++j) sum += c[i][j];
    thirds.push_back(sum / dimension);
    m.bulk_voigt += sum / (dimension * dimension);
  }
  if (dimension == 2) {
    m.bulk_reuss = m.bulk_voigt, m.shear_reuss = m.shear_voigt;
  } else {
    const Stiffness s = compliance(c);
    const double normal = s[0][0] + s[1][1] + s[2][2], mixed = (s[0][1] + s[1][0] + s[0][2] + s[2][0] + s[1][2] + s[2][1]) / 2;
    m.bulk_reuss = 1 / (normal + 2 * mixed);
    m.shear_reuss = 15 / (4 * normal - 4 * mixed + 3 * (s[3][3] + s[4][4] + s[5][5]));
    m.anisotropy = 5 * m.shear_voigt / m.shear_reuss + m.bulk_voigt / m.bulk_reuss - 6;
  }
  m.bulk = {(m.bulk_voigt + m.bulk_reuss) / 2, standard_error(thirds), note};
  m.shear = {(m.shear_voigt + m.shear_reuss) / 2, standard_error(m.shear_moduli), note};
  derived(m, dimension);
  return m;
}

Stiffness stress_slope(const Stiffness& c, const Voigt& stress, int dimension) {
  const double s[3][3] = {{stress[0], stress[5], stress[4]}, {stress[5], stress[1], stress[3]}, {stress[4], stress[3], stress[2]}};
  Stiffness b = c;
  for (std::size_t p = 0; p < 6; ++p)
    for (std::size_t q = 0; q < 6; ++q) {
      const auto [i, j] = pair_of[p];
      const auto [k, l] = pair_of[q];
      if (std::max({i, j, k, l}) >= dimension) continue;
      b[p][q] += 0.5 * ((i == k) * s[j][l] + (j == k) * s[i][l] + (i == l) * s[j][k] + (j == l) * s[i][k]) - (k == l) * s[i][j];
    }
  return b;
}

}  // namespace heteroglass::landscape
