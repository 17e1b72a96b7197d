#include "potential/eam_kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "potential/simd.hpp"

namespace heteroglass::potential {
namespace {

using Place = Neighborhood::Place;

struct Sums {
  double fx = 0, fy = 0, fz = 0, energy = 0, xx = 0, yy = 0, zz = 0, yz = 0, xz = 0, xy = 0;
};

/// One segment of a row.
struct Part {
  Place self;
  const Place* place;
  const std::int32_t* places;
  std::uint8_t* note;
  const double* table;
  double r2_cut, per_knot;
  std::int32_t count;  ///< padded
  std::int32_t last, nothing;
};

/// The cubic between two knots at p: value f0 + p (s0 + p (c4 + p c3)).
struct Cubic {
  double c3, c4, s0, f0;
  Cubic(double value0, double slope0, double value1, double slope1) : s0(slope0), f0(value0) {
    const double rise = value1 - value0;
    c3 = (slope0 + slope1) - 2 * rise, c4 = (rise - slope0) - c3;
  }
  double value(double p) const { return ((c3 * p + c4) * p + s0) * p + f0; }
  double slope(double p) const { return (3 * c3 * p + 2 * c4) * p + s0; }
};

double density_plain(const Part& part) {
  double rho = 0;
  for (std::int32_t k = 0; k < part.count; ++k) {
    const Place& q = part.place[part.places[k]];
    const double dx = q.x - part.self.x, dy = q.y - part.self.y, dz = q.z - part.self.z, r2 = dx * dx + dy * dy + dz * dz;
    if (!(r2 < part.r2_cut)) continue;
    const double at = std::sqrt(r2) * part.per_knot;
    const std::int32_t m = std::min(static_cast<std::int32_t>(at), part.last);
    const double* t = part.table + static_cast<std::ptrdiff_t>(EamTable::density_stride) * m;
    rho += Cubic(t[0], t[1], t[2], t[3]).value(std::min(at - m, 1.0));
  }
  return rho;
}

template <bool virial> void force_plain(const Part& part, int stride, Sums& sums) {
  for (std::int32_t k = 0; k < part.count; ++k) {
    const Place& q = part.place[part.places[k]];
    const double dx = q.x - part.self.x, dy = q.y - part.self.y, dz = q.z - part.self.z, r2 = dx * dx + dy * dy + dz * dz;
    if (!(r2 < part.r2_cut)) continue;
    const double r = std::sqrt(r2), at = r * part.per_knot, inverse = 1 / r;
    const std::int32_t m = std::min(static_cast<std::int32_t>(at), part.last);
    const double p = std::min(at - m, 1.0), *t0 = part.table + static_cast<std::ptrdiff_t>(stride) * m, *t1 = t0 + stride;
    const Cubic z(t0[0], t0[1], t1[0], t1[1]), in(t0[2], t0[3], t1[2], t1[3]);
    double embedded = (part.self.value + q.value) * in.slope(p);
    if (stride == EamTable::unlike_stride) embedded = part.self.value * in.slope(p) + q.value * Cubic(t0[4], t0[5], t1[4], t1[5]).slope(p);
    const double phi = z.value(p) * inverse;
    const double t = ((z.slope(p) + embedded * r) * part.per_knot - phi) * inverse * inverse;
    sums.energy += phi;
    sums.fx += t * dx, sums.fy += t * dy, sums.fz += t * dz;
    if constexpr (virial) {
      sums.xx += t * dx * dx, sums.yy += t * dy * dy, sums.zz += t * dz * dz;
      sums.yz += t * dy * dz, sums.xz += t * dx * dz, sums.xy += t * dx * dy;
    }
  }
}

template <bool virial> void force_plain(const Part* parts, const int* strides, int count, Sums& sums) {
  for (int k = 0; k < count; ++k) force_plain<virial>(parts[k], strides[k], sums);
}

constexpr std::int32_t chunk = 256;  // neighbours gathered at a time

}  // namespace

#ifdef HETEROGLASS_SIMD
namespace avx512 {
namespace {
#define HETEROGLASS_TARGET HETEROGLASS_V4
#include "potential/eam_lanes.hpp"
#undef HETEROGLASS_TARGET
}  // namespace
}  // namespace avx512
namespace avx2 {
namespace {
#define HETEROGLASS_TARGET HETEROGLASS_V3
#include "potential/eam_lanes.hpp"
#undef HETEROGLASS_TARGET
}  // namespace
}  // namespace avx2
#endif

namespace {

/// The forms of the sums that a kernel stands for here.
struct Forms {
  double (*density)(const Part&) = density_plain;
  void (*force)(const Part*, const int*, int, Sums&) = force_plain<false>;
  void (*force_virial)(const Part*, const int*, int, Sums&) = force_plain<true>;
};

Forms forms_of([[maybe_unused]] Kernel kernel) {
#ifdef HETEROGLASS_SIMD
  if (kernel == Kernel::best && avx512::available()) return {avx512::density, avx512::force<false>, avx512::force<true>};
  if (kernel != Kernel::plain && avx2::available()) return {avx2::density, avx2::force<false>, avx2::force<true>};
#endif
  return {};
}

const Forms& forms(Kernel kernel) {
  static const std::array<Forms, 3> all = {forms_of(Kernel::best), forms_of(Kernel::avx2), forms_of(Kernel::plain)};
  return all[static_cast<std::size_t>(kernel)];
}

Part part_of(const EamRow& row, int kind, const AlignedTable& table) {
  const Neighborhood::Segment& segment = row.near->segment(row.local, kind);
  return {row.near->at(row.local),
          row.near->place_data(),
          segment.places,
          row.near->note(row.local, kind),
          table.data(),
          row.r2_cut,
          row.per_knot,
          segment.padded,
          row.last,
          static_cast<std::int32_t>(row.near->places())};
}

}  // namespace

double eam_density(const EamRow& row, Kernel kernel) {
  const Forms& use = forms(kernel);
  double rho = 0;
  for (int kind = 0; kind < row.near->species_count(); ++kind) rho += use.density(part_of(row, kind, row.tables[kind].density));
  return rho;
}

RowForce eam_force(const EamRow& row, bool virial, Kernel kernel) {
  constexpr int at_once = 8;
  Part parts[at_once];
  int strides[at_once];
  const Forms& use = forms(kernel);
  Sums total;
  for (int first = 0, kinds = row.near->species_count(); first < kinds; first += at_once) {
    const int count = std::min(at_once, kinds - first);
    for (int k = 0; k < count; ++k) {
      const EamTable& table = row.tables[first + k];
      parts[k] = part_of(row, first + k, table.force), strides[k] = table.stride;
    }
    Sums s;
    (virial ? use.force_virial : use.force)(parts, strides, count, s);
    total.fx += s.fx, total.fy += s.fy, total.fz += s.fz, total.energy += s.energy;
    total.xx += s.xx, total.yy += s.yy, total.zz += s.zz, total.yz += s.yz, total.xz += s.xz, total.xy += s.xy;
  }
  const double h = 0.5;
  return {{total.fx, total.fy, total.fz},
          h * total.energy,
          {h * total.xx, h * total.yy, h * total.zz, h * total.yz, h * total.xz, h * total.xy}};
}

}  // namespace heteroglass::potential
