// The sum of sphere_kernel.hpp with several neighbours at a time. Text for sphere_kernel.cpp, which includes it once in avx512 and once in avx2
// of simd.hpp, with HETEROGLASS_TARGET for functions; hence no include guard and no includes.

template <bool polydisperse, bool virial> HETEROGLASS_TARGET void add(const SphereRow& row, SphereSums& sums) {
  const V x = all(row.self.x), y = all(row.self.y), z = all(row.self.z), own = all(row.self.value), cut = all(row.x2_cut);
  const double a = row.shape.repulsion, b = row.shape.attraction, c0 = row.shape.c0, c2 = row.shape.c2, c4 = row.shape.c4;
  const auto* base = reinterpret_cast<const double*>(row.place);
  const V zero = all(0);
  V fx = zero, fy = zero, fz = zero, energy = zero, xx = zero, yy = zero, zz = zero, yz = zero, xz = zero, xy = zero;
  for (std::int32_t k = 0; k < row.padded; k += lanes) {
    const Columns q = rows(base, 4, row.places + k);
    const V dx = q.a - x, dy = q.b - y, dz = q.c - z;
    V inverse = all(row.inverse_sigma2);
    if constexpr (polydisperse) {
      const V sigma = 0.5 * (own + q.d) * (1 - row.non_additivity * (most(own, q.d) - least(own, q.d)));
      inverse = 1 / (sigma * sigma);
    }
    const V x2 = (dx * dx + dy * dy + dz * dz) * inverse;
    if (none_below(x2, cut)) continue;
    const V i2 = 1 / x2, i6 = i2 * i2 * i2;
    const V t = below(x2, cut, 2 * row.epsilon * inverse * ((3 * b - 6 * a * i6) * i6 * i2 + c2 + 2 * c4 * x2));
    energy += below(x2, cut, row.epsilon * ((a * i6 - b) * i6 + c0 + (c2 + c4 * x2) * x2));
    const V tx = t * dx, ty = t * dy, tz = t * dz;
    fx += tx, fy += ty, fz += tz;
    if constexpr (virial) {
      xx += tx * dx, yy += ty * dy, zz += tz * dz;
      yz += ty * dz, xz += tx * dz, xy += tx * dy;
    }
  }
  sums.fx += sum(fx), sums.fy += sum(fy), sums.fz += sum(fz), sums.energy += sum(energy);
  if constexpr (virial) {
    sums.xx += sum(xx), sums.yy += sum(yy), sums.zz += sum(zz);
    sums.yz += sum(yz), sums.xz += sum(xz), sums.xy += sum(xy);
  }
}
