#include "landscape/local_region.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.hpp"
#include "deform/quasistatic.hpp"

namespace heteroglass::landscape {
namespace {

Mat3 shear(const Vec3& s, const Vec3& n) {
  Mat3 m;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) m[i][j] = (s[i] * n[j] + n[i] * s[j]) / 2;
  return m;
}

/// Rotation of a unit quaternion (w, x, y, z).
Mat3 rotation(double w, double x, double y, double z) {
  return {{{{1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
            {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
            {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}}}};
}

/// Images that a sphere around the centre can touch, along each edge.
std::array<int, 3> images(const Box& box, double reach, bool flat) {
  std::array<int, 3> n{};
  for (std::size_t k = 0; k < 3; ++k)
    n[k] = box.periodic(k) && !(flat && k == 2) ? static_cast<int>(std::ceil(reach / box.heights()[k] + 1)) : 0;
  return n;
}

}  // namespace

std::vector<LocalStrain> shears(int count, int dimension) {
  std::vector<LocalStrain> out;
  constexpr double phi = std::numbers::sqrt2, psi = 1.533751168755204288118041;  // the two irrational turns of the spiral
  for (int k = 0; k < count; ++k) {
    Vec3 s, n;
    if (dimension == 2) {
      const double a = std::numbers::pi * k / count;
      s = {std::cos(a), std::sin(a), 0}, n = {-std::sin(a), std::cos(a), 0};
    } else {
      const double at = k + 0.5, t = at / count, d = 2 * std::numbers::pi * at, r = std::sqrt(t), q = std::sqrt(1 - t);
      const Mat3 turn = rotation(q * std::cos(d / psi), r * std::sin(d / phi), r * std::cos(d / phi), q * std::sin(d / psi));
      s = turn.column(0), n = turn.column(1);
    }
    out.push_back({s, n, shear(s, n)});
  }
  return out;
}

LocalStrain dilatation(int dimension) {
  LocalStrain d;
  for (std::size_t k = 0; k < static_cast<std::size_t>(dimension); ++k) d.m[k][k] = 1.0 / dimension;
  return d;
}

double projected_increment(const std::vector<LocalStrain>& shears, const std::vector<double>& increments, const std::string& plane) {
  constexpr double least_overlap = 0.2;
  const auto a = static_cast<std::size_t>(plane[0] - 'x'), b = static_cast<std::size_t>(plane[1] - 'x');
  double least = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t k = 0; k < shears.size(); ++k) {
    const double along = shears[k].m[a][b] + shears[k].m[b][a];  // 2 m_k : m_L
    if (along > least_overlap) least = std::fmin(least, increments[k] / along);
  }
  return least;
}

LocalRegion::LocalRegion(std::shared_ptr<const potential::Potential> potential, const Frame& frame, std::size_t centre,
                         const RegionSettings& settings)
    : potential_(std::move(potential)), settings_(settings), atomic_volume_(frame.box.volume() / double(frame.size())) {
  const bool flat = potential_->dimension() == 2;
  const double reach = settings.radius + potential_->range() + 0.5 * std::cbrt(atomic_volume_);
  const std::array<int, 3> n = images(frame.box, reach, flat);
  part_.units = frame.units, part_.species = frame.species, part_.source = frame.source;
  for (const AtomProperty& p : frame.properties) part_.properties.push_back({p.name, p.unit, p.components, {}});
  const auto add = [&](std::size_t i, const Vec3& at, bool inside) {
    part_.id.push_back(static_cast<std::int64_t>(part_.size()) + 1);
    part_.type.push_back(frame.type[i]), part_.position.push_back(at);
    for (std::size_t p = 0; p < frame.properties.size(); ++p)
      for (std::size_t k = 0; k < frame.properties[p].components; ++k)
        part_.properties[p].values.push_back(frame.properties[p].values[i * frame.properties[p].components + k]);
    frozen_.push_back(inside ? 0 : 1);
    inner_ += inside;
  };
  std::vector<Vec3> near;
  for (std::size_t i = 0; i < frame.size(); ++i) {
    const Vec3 d0 = frame.box.minimum_image(frame.position[i] - frame.position[centre]);
    const auto distance = [&](const Vec3& d) { return flat ? std::hypot(d.x, d.y) : norm(d); };
    near.clear();
    for (int a = -n[0]; a <= n[0]; ++a)
      for (int b = -n[1]; b <= n[1]; ++b)
        for (int c = -n[2]; c <= n[2]; ++c)
          if (const Vec3 d = d0 + frame.box.edges() * Vec3{double(a), double(b), double(c)}; distance(d) <= reach) near.push_back(d);
    // Of the images of an atom the nearest may relax.
    const auto least = std::min_element(near.begin(), near.end(), [&](const Vec3& a, const Vec3& b) { return distance(a) < distance(b); });
    for (auto d = near.begin(); d != near.end(); ++d) add(i, *d, d == least && distance(*d) <= settings.radius);
  }
  if (inner_ < 2)
    throw InputError(fmt::format("radius: must hold more than the central atom, got {} {} around atom {}", settings.radius,
                                 unit_in(frame.units, "angstrom"), frame.id[centre]));
  const double edge = 3 * reach, height = flat ? norm(frame.box.edge(2)) : edge;
  part_.box = Box::orthogonal({edge, edge, height}, {-edge / 2, -edge / 2, -height / 2}, {false, false, false});
}

LocalYield LocalRegion::yield(const LocalStrain& strain, Context& context) const {
  const deform::QuasistaticSettings settings{
      .relax = {.force_tolerance = settings_.force_tolerance, .max_evaluations = 20000, .frozen = frozen_},
      .least_drop = settings_.least_drop,
      .strain_tolerance = settings_.strain_tolerance,
      .stop_at_drop = true,
      .kick = settings_.kick};
  const deform::Loading loading = deform::Loading::along(strain.m);
  deform::Quasistatic system(potential_, part_, loading, settings, context);
  const auto calculator = potential_->calculator(part_);
  const double unit = potential::pressure_unit(part_.units);
  const auto local_stress = [&] {
    const deform::Minimum& m = system.state();
    const potential::PerAtom atoms = calculator->per_atom(m.box, m.position);
    potential::Voigt sum{};
    for (std::size_t i = 0; i < part_.size(); ++i)
      if (!frozen_[i])
        for (std::size_t k = 0; k < 6; ++k) sum[k] += atoms.virial[i][k];
    const double volume = double(inner_) * atomic_volume_ * determinant(loading.gradient(m.strain));
    for (double& v : sum) v *= unit / volume;
    return loading.stress(sum, m.strain);
  };
  const double start = local_stress();
  const auto steps = static_cast<long>(std::floor(settings_.max_strain / settings_.strain_step + 1e-9));
  for (long k = 1; k <= steps && system.drops().empty(); ++k) system.go_to(double(k) * settings_.strain_step);
  LocalYield y;
  y.force_evaluations = static_cast<int>(system.evaluations());
  if (system.drops().empty()) {
    y.strain = y.stress = y.increment = std::numeric_limits<double>::quiet_NaN();
    return y;
  }
  y.strain = system.drops()[0].strain;
  y.stress = local_stress(), y.increment = y.stress - start;
  return y;
}

}  // namespace heteroglass::landscape
