#include "potential/sphere_kernel.hpp"

#include <array>
#include <cmath>

#include "potential/simd.hpp"

namespace heteroglass::potential {
namespace {

template <bool polydisperse, bool virial> void add_plain(const SphereRow& row, SphereSums& sums) {
  const auto [a, b, c0, c2, c4] = row.shape;
  for (std::int32_t k = 0; k < row.padded; ++k) {
    const Neighborhood::Place& q = row.place[row.places[k]];
    const double dx = q.x - row.self.x, dy = q.y - row.self.y, dz = q.z - row.self.z;
    double inverse = row.inverse_sigma2;
    if constexpr (polydisperse) {
      const double own = row.self.value, sigma = 0.5 * (own + q.value) * (1 - row.non_additivity * std::abs(own - q.value));
      inverse = 1 / (sigma * sigma);
    }
    const double x2 = (dx * dx + dy * dy + dz * dz) * inverse;
    if (!(x2 < row.x2_cut)) continue;
    const double i2 = 1 / x2, i6 = i2 * i2 * i2;
    const double t = row.epsilon * 2 * inverse * ((-6 * a * i6 + 3 * b) * i6 * i2 + c2 + 2 * c4 * x2);
    sums.energy += row.epsilon * ((a * i6 - b) * i6 + c0 + (c2 + c4 * x2) * x2);
    sums.fx += t * dx, sums.fy += t * dy, sums.fz += t * dz;
    if constexpr (virial) {
      sums.xx += t * dx * dx, sums.yy += t * dy * dy, sums.zz += t * dz * dz;
      sums.yz += t * dy * dz, sums.xz += t * dx * dz, sums.xy += t * dx * dy;
    }
  }
}

}  // namespace

#ifdef HETEROGLASS_SIMD
namespace avx512 {
namespace {
#define HETEROGLASS_TARGET HETEROGLASS_V4
#include "potential/sphere_lanes.hpp"
#undef HETEROGLASS_TARGET
}  // namespace
}  // namespace avx512
namespace avx2 {
namespace {
#define HETEROGLASS_TARGET HETEROGLASS_V3
#include "potential/sphere_lanes.hpp"
#undef HETEROGLASS_TARGET
}  // namespace
}  // namespace avx2
#endif

namespace {

using Form = void (*)(const SphereRow&, SphereSums&);
using Forms = std::array<Form, 4>;  ///< plain, with virial; polydisperse, with virial

Forms forms_of([[maybe_unused]] Kernel kernel) {
#ifdef HETEROGLASS_SIMD
  if (kernel == Kernel::best && avx512::available())
    return {avx512::add<false, false>, avx512::add<false, true>, avx512::add<true, false>, avx512::add<true, true>};
  if (kernel != Kernel::plain && avx2::available())
    return {avx2::add<false, false>, avx2::add<false, true>, avx2::add<true, false>, avx2::add<true, true>};
#endif
  return {add_plain<false, false>, add_plain<false, true>, add_plain<true, false>, add_plain<true, true>};
}

}  // namespace

void add_spheres(const SphereRow& row, bool virial, Kernel kernel, SphereSums& sums) {
  static const std::array<Forms, 3> all = {forms_of(Kernel::best), forms_of(Kernel::avx2), forms_of(Kernel::plain)};
  all[static_cast<std::size_t>(kernel)][2 * std::size_t{row.polydisperse} + std::size_t{virial}](row, sums);
}

}  // namespace heteroglass::potential
