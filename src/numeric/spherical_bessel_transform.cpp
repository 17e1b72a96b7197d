#include "numeric/spherical_bessel_transform.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/vector_clones.hpp"

namespace heteroglass::numeric {
namespace {

constexpr std::size_t steps_exact = 128;  // of r between exact sines; a rotation loses half a last digit
constexpr std::size_t tile = 256;         // q at a time, so that they stay in the first cache
constexpr double small_x = 1;             // below, the series of j_2
constexpr std::size_t series_terms = 8;   // the ninth is below 1e-16 of the first at x = 1

/// sin and cos of q r for up to `tile` values of q, rotated by q dr.
struct Phases {
  std::size_t n = 0;
  std::array<double, tile> s, c, ds, dc;

  void start(const double* q, std::size_t count, double r, const double* step_sine, const double* step_cosine) {
    n = count;
    for (std::size_t i = 0; i < n; ++i) s[i] = std::sin(q[i] * r), c[i] = std::cos(q[i] * r), ds[i] = step_sine[i], dc[i] = step_cosine[i];
  }
};

/// Rotates phases [from, to) by a step.
HETEROGLASS_VECTOR_CLONES
void rotate(Phases& p, std::size_t from, std::size_t to) {
  double *s = p.s.data(), *c = p.c.data();
  const double *ds = p.ds.data(), *dc = p.dc.data();
#pragma omp simd
  for (std::size_t i = from; i < to; ++i) {
    const double next = s[i] * dc[i] + c[i] * ds[i];
    c[i] = c[i] * dc[i] - s[i] * ds[i];
    s[i] = next;
  }
}

/// out[k] += sum f sin(q r_k) over the tile for `steps` steps, the phases moving along.
HETEROGLASS_VECTOR_CLONES
void sine_steps(Phases& p, const double* f, double* out, std::size_t steps) {
  double *s = p.s.data(), *c = p.c.data();
  const double *ds = p.ds.data(), *dc = p.dc.data();
  for (std::size_t k = 0; k < steps; ++k) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t i = 0; i < p.n; ++i) {
      sum += f[i] * s[i];
      const double next = s[i] * dc[i] + c[i] * ds[i];
      c[i] = c[i] * dc[i] - s[i] * ds[i];
      s[i] = next;
    }
    out[k] += sum;
  }
}

/// out[i] += sum_k f_k sin(q_i r_k) for `steps` steps.
HETEROGLASS_VECTOR_CLONES
void back_steps(Phases& p, const double* f, double* out, std::size_t steps) {
  double *s = p.s.data(), *c = p.c.data();
  const double *ds = p.ds.data(), *dc = p.dc.data();
  for (std::size_t k = 0; k < steps; ++k) {
    const double fk = f[k];
#pragma omp simd
    for (std::size_t i = 0; i < p.n; ++i) {
      out[i] += fk * s[i];
      const double next = s[i] * dc[i] + c[i] * ds[i];
      c[i] = c[i] * dc[i] - s[i] * ds[i];
      s[i] = next;
    }
  }
}

/// The three sums of j_2, over phases [from, n), which also step: f/q^3 sin, f/q sin, f/q^2 cos.
HETEROGLASS_VECTOR_CLONES
void bessel_step(Phases& p, std::size_t from, const double* a, const double* b, const double* d, double r, double& out) {
  double *s = p.s.data(), *c = p.c.data();
  const double *ds = p.ds.data(), *dc = p.dc.data();
  double sum = 0;
  const double over = 1 / r, cubed = 3 * over * over * over, squared = 3 * over * over;
#pragma omp simd reduction(+ : sum)
  for (std::size_t i = from; i < p.n; ++i) {
    sum += (cubed * a[i] - over * b[i]) * s[i] - squared * d[i] * c[i];
    const double next = s[i] * dc[i] + c[i] * ds[i];
    c[i] = c[i] * dc[i] - s[i] * ds[i];
    s[i] = next;
  }
  out += sum;
}

struct Steps {
  std::vector<double> sine, cosine;  ///< of q dr
  Steps(std::span<const double> q, double dr) : sine(q.size()), cosine(q.size()) {
    for (std::size_t i = 0; i < q.size(); ++i) sine[i] = std::sin(q[i] * dr), cosine[i] = std::cos(q[i] * dr);
  }
};

/// Calls body(first, count) for stretches of r that begin with exact sines, on threads.
template <class Body> void over_stretches(std::size_t count, const Body& body) {
  const auto stretches = static_cast<std::int64_t>((count + steps_exact - 1) / steps_exact);
#pragma omp parallel for schedule(static)
  for (std::int64_t b = 0; b < stretches; ++b) {
    const std::size_t first = static_cast<std::size_t>(b) * steps_exact;
    body(first, std::min(steps_exact, count - first));
  }
}

/// Calls body(first, count) for tiles of q.
template <class Body> void over_tiles(std::size_t n, const Body& body) {
  for (std::size_t first = 0; first < n; first += tile) body(first, std::min(tile, n - first));
}

/// c_n of j_2(x) = sum_n (-1)^n c_n x^(2 n + 2); the sign is included.
std::array<double, series_terms> series() {
  std::array<double, series_terms> c{};
  c[0] = 1.0 / 15;
  for (std::size_t n = 1; n < series_terms; ++n) {
    const auto x = static_cast<double>(n);
    c[n] = -c[n - 1] / (2 * x * (2 * x + 5));
  }
  return c;
}

/// Running sums of f_i (q_i / scale)^(2 n + 2) before each i.
std::vector<std::array<double, series_terms>> moments(std::span<const double> q, std::span<const double> f, double scale) {
  std::vector<std::array<double, series_terms>> m(q.size() + 1);
  for (std::size_t i = 0; i < q.size(); ++i) {
    const double square = q[i] * q[i] / (scale * scale);
    double power = f[i];
    for (std::size_t n = 0; n < series_terms; ++n) power *= square, m[i + 1][n] = m[i][n] + power;
  }
  return m;
}

std::vector<double> order_two(std::span<const double> q, std::span<const double> f, const EqualSteps& r) {
  const std::size_t n = q.size();
  std::vector<double> a(n), b(n), d(n), out(r.count, 0);
  for (std::size_t i = 0; i < n; ++i)
    if (q[i] > 0) b[i] = f[i] / q[i], d[i] = b[i] / q[i], a[i] = d[i] / q[i];
  const double scale = std::max(q.empty() ? 0 : q.back(), 1e-300);
  const auto moment = moments(q, f, scale);
  const auto c = series();
  const Steps steps(q, r.step);
  over_stretches(r.count, [&](std::size_t first, std::size_t count) {
    std::vector<std::size_t> split(count);  // q r < small_x before it
    for (std::size_t k = 0; k < count; ++k) {
      const double x = r[first + k];
      split[k] = x > 0 ? static_cast<std::size_t>(std::lower_bound(q.begin(), q.end(), small_x / x) - q.begin()) : n;
      double power = 1;
      for (std::size_t t = 0; t < series_terms; ++t) power *= x * x * scale * scale, out[first + k] += c[t] * power * moment[split[k]][t];
    }
    Phases p;
    over_tiles(n, [&](std::size_t at, std::size_t size) {
      p.start(&q[at], size, r[first], &steps.sine[at], &steps.cosine[at]);
      for (std::size_t k = 0; k < count; ++k) {
        const std::size_t from = std::clamp(split[k], at, at + size) - at;
        rotate(p, 0, from);
        if (from < size) bessel_step(p, from, &a[at], &b[at], &d[at], r[first + k], out[first + k]);
      }
    });
  });
  return out;
}

}  // namespace

std::vector<double> trapezoid_weights(std::span<const double> x) {
  std::vector<double> w(x.size(), 0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double half = (x[i + 1] - x[i]) / 2;
    w[i] += half, w[i + 1] += half;
  }
  return w;
}

std::vector<double> sine_sums(std::span<const double> q, std::span<const double> f, const EqualSteps& r) {
  std::vector<double> out(r.count, 0);
  const Steps steps(q, r.step);
  over_stretches(r.count, [&](std::size_t first, std::size_t count) {
    Phases p;
    over_tiles(q.size(), [&](std::size_t at, std::size_t size) {
      p.start(&q[at], size, r[first], &steps.sine[at], &steps.cosine[at]);
      sine_steps(p, &f[at], &out[first], count);
    });
  });
  return out;
}

std::vector<double> cosine_sums(std::span<const double> q, std::span<const double> f, const EqualSteps& r) {
  std::vector<double> out(r.count, 0);
  const Steps steps(q, r.step);
  over_stretches(r.count, [&](std::size_t first, std::size_t count) {
    Phases p;
    over_tiles(q.size(), [&](std::size_t at, std::size_t size) {
      p.start(&q[at], size, r[first], &steps.sine[at], &steps.cosine[at]);
      // a quarter turn makes sines of cosines: sin(x + pi/2) = cos x
      for (std::size_t i = 0; i < size; ++i) {
        const double sine = p.s[i];
        p.s[i] = p.c[i], p.c[i] = -sine;
      }
      sine_steps(p, &f[at], &out[first], count);
    });
  });
  return out;
}

std::vector<double> sine_sums_back(const EqualSteps& r, std::span<const double> f, std::span<const double> q) {
  std::vector<double> out(q.size(), 0);
  const Steps steps(q, r.step);
  const auto tiles = static_cast<std::int64_t>((q.size() + tile - 1) / tile);
#pragma omp parallel for schedule(static)
  for (std::int64_t b = 0; b < tiles; ++b) {
    const std::size_t at = static_cast<std::size_t>(b) * tile, size = std::min(tile, q.size() - at);
    Phases p;
    for (std::size_t first = 0; first < r.count; first += steps_exact) {
      p.start(&q[at], size, r[first], &steps.sine[at], &steps.cosine[at]);
      back_steps(p, &f[first], &out[at], std::min(steps_exact, r.count - first));
    }
  }
  return out;
}

std::vector<double> bessel_sums(int order, std::span<const double> q, std::span<const double> f, const EqualSteps& r) {
  if (order == 2) return order_two(q, f, r);
  // j_0(q r) = sin(q r) / (q r)
  std::vector<double> over(q.size(), 0);
  double at_zero = 0, sum = 0;
  for (std::size_t i = 0; i < q.size(); ++i) {
    sum += f[i];
    if (q[i] > 0)
      over[i] = f[i] / q[i];
    else
      at_zero += f[i];
  }
  std::vector<double> out = sine_sums(q, over, r);
  for (std::size_t k = 0; k < r.count; ++k) out[k] = r[k] > 0 ? out[k] / r[k] + at_zero : sum;
  return out;
}

double spherical_bessel_2(double x) {
  if (x >= small_x) return (3 / (x * x) - 1) * std::sin(x) / x - 3 * std::cos(x) / (x * x);
  const auto c = series();
  double sum = 0, power = 1;
  for (const double term : c) power *= x * x, sum += term * power;
  return sum;
}

}  // namespace heteroglass::numeric
