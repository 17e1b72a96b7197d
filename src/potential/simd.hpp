/// Eight neighbours at a time with AVX-512, where the processor has it. Only for kernels; every kernel also has a plain form.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define HETEROGLASS_AVX512
// GCC 12 takes the deliberately undefined registers of its own header for a mistake (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>

#include <cstdint>

#define HETEROGLASS_V4 __attribute__((target("arch=x86-64-v4")))
#define HETEROGLASS_V4_INLINE inline __attribute__((target("arch=x86-64-v4"), always_inline))

namespace heteroglass::potential::simd {

inline bool available() {
  static const bool there = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                            __builtin_cpu_supports("avx512bw");
  return there;
}

/// Four columns of eight rows.
struct Columns {
  __m512d a, b, c, d;
};

HETEROGLASS_V4_INLINE __m512d two_rows(__m256d low, __m256d high) { return _mm512_insertf64x4(_mm512_castpd256_pd512(low), high, 1); }

HETEROGLASS_V4_INLINE Columns columns(__m512d r02, __m512d r13, __m512d r46, __m512d r57) {
  const __m512d ac = _mm512_unpacklo_pd(r02, r13), bd = _mm512_unpackhi_pd(r02, r13);
  const __m512d ac2 = _mm512_unpacklo_pd(r46, r57), bd2 = _mm512_unpackhi_pd(r46, r57);
  return {_mm512_shuffle_f64x2(ac, ac2, 0x88), _mm512_shuffle_f64x2(bd, bd2, 0x88), _mm512_shuffle_f64x2(ac, ac2, 0xdd),
          _mm512_shuffle_f64x2(bd, bd2, 0xdd)};
}

/// Columns of the four numbers from base + stride * index[k] on.
HETEROGLASS_V4_INLINE Columns rows(const double* base, std::int64_t stride, const std::int32_t* index) {
  const auto row = [&](int k) __attribute__((target("arch=x86-64-v4"), always_inline)) {
    return _mm256_loadu_pd(base + stride * index[k]);
  };
  return columns(two_rows(row(0), row(2)), two_rows(row(1), row(3)), two_rows(row(4), row(6)), two_rows(row(5), row(7)));
}

/// 1/sqrt to the last bit or two: the estimate of 14 bits and two steps of Newton.
HETEROGLASS_V4_INLINE __m512d inverse_root(__m512d x) {
  const __m512d half = _mm512_mul_pd(x, _mm512_set1_pd(0.5)), c = _mm512_set1_pd(1.5);
  __m512d y = _mm512_rsqrt14_pd(x);
  y = _mm512_mul_pd(y, _mm512_fnmadd_pd(_mm512_mul_pd(half, y), y, c));
  return _mm512_mul_pd(y, _mm512_fnmadd_pd(_mm512_mul_pd(half, y), y, c));
}

}  // namespace heteroglass::potential::simd
#endif
