#include "landscape/phonons.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace heteroglass::landscape {

double Sound::debye_level() const { return dimension / std::pow(debye_frequency.value, dimension); }

Sound sound(const Measured& bulk, const Measured& shear, double density, double number_density, double omega2_unit, int dimension) {
  Sound s;
  s.dimension = dimension;
  const double g = shear.value, l = dimension == 2 ? bulk.value + g : bulk.value + 4 * g / 3, per = omega2_unit / density;
  const double dl = std::hypot(bulk.error, (dimension == 2 ? 1 : 4.0 / 3) * shear.error);
  const std::string note = "from the errors of the moduli";
  s.transverse = {std::sqrt(g * per), shear.error / (2 * g) * std::sqrt(g * per), note};
  s.longitudinal = {std::sqrt(l * per), dl / (2 * l) * std::sqrt(l * per), note};
  const double ct = s.transverse.value, cl = s.longitudinal.value;
  if (dimension == 2) {
    const double sum = 1 / (ct * ct) + 1 / (cl * cl);
    const double slope = std::hypot(s.transverse.error / (ct * ct * ct), s.longitudinal.error / (cl * cl * cl)) / sum;
    const double nu = std::sqrt(2 * number_density / (std::numbers::pi * sum));
    s.debye_frequency = {nu, nu * slope, note};
    return s;
  }
  const double sum = 2 / (ct * ct * ct) + 1 / (cl * cl * cl);
  const double nu = std::cbrt(9 / (4 * std::numbers::pi) * number_density / sum);
  const double slope = std::hypot(2 * s.transverse.error / std::pow(ct, 4), s.longitudinal.error / std::pow(cl, 4)) / sum;
  s.debye_frequency = {nu, nu * slope, note};
  return s;
}

std::vector<PhononLevel> phonon_levels(const Box& box, const Sound& s, double highest) {
  std::vector<PhononLevel> levels;
  if (!(s.transverse.value > 0) || !(s.longitudinal.value > 0) || !(highest > 0)) return levels;
  const double longest = highest / std::min(s.transverse.value, s.longitudinal.value);  // |q| / 2 pi
  const Mat3 reciprocal = transpose(box.inverse_edges());
  std::array<int, 3> reach{};
  for (std::size_t k = 0; k < 3; ++k)
    reach[k] = box.periodic(k) && (k < 2 || s.dimension == 3) ? static_cast<int>(std::ceil(longest * norm(box.edge(k)))) : 0;
  std::vector<double> lengths;
  for (int a = -reach[0]; a <= reach[0]; ++a)
    for (int b = -reach[1]; b <= reach[1]; ++b)
      for (int c = -reach[2]; c <= reach[2]; ++c) {
        const double q = norm(reciprocal * Vec3{double(a), double(b), double(c)});
        if (q > 0 && q <= longest) lengths.push_back(q);
      }
  std::sort(lengths.begin(), lengths.end());
  const int transverse = s.dimension - 1;
  for (std::size_t from = 0; from < lengths.size();) {
    std::size_t to = from;
    while (to < lengths.size() && lengths[to] <= lengths[from] * (1 + 1e-6)) ++to;
    const int waves = static_cast<int>(to - from);
    levels.push_back({false, lengths[from] * s.transverse.value, waves * transverse});
    levels.push_back({true, lengths[from] * s.longitudinal.value, waves});
    from = to;
  }
  std::erase_if(levels, [&](const PhononLevel& l) { return l.frequency > highest; });
  std::stable_sort(levels.begin(), levels.end(), [](const PhononLevel& a, const PhononLevel& b) { return a.frequency < b.frequency; });
  return levels;
}

}  // namespace heteroglass::landscape
