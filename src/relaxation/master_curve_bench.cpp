// Master curve of 21 isotherms of storage and loss (10 points each, 1 % noise) with covariance and 100 resamplings: targets 1 s. Peers: the
// sum of squares of the same spline and shifts by SciPy's least_squares, without resampling, in bench/relaxation.py.
#include <benchmark/benchmark.h>
#include <omp.h>

#include <cmath>
#include <complex>
#include <random>

#include "relaxation/master_curve.hpp"

namespace {
using namespace heteroglass;

std::vector<Curve> isotherms() {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  std::vector<Curve> list;
  for (int k = 0; k < 21; ++k) {
    const double t = 360 + 3 * k, ln_a = 900 / (t - 300) - 900 / 90.0;
    Curve c;
    c.source = "made";
    c.columns = {{"angular_frequency", "rad/s", {}}, {"storage", "GPa", {}}, {"loss", "GPa", {}}};
    for (int i = 0; i < 10; ++i) {
      const double w = std::pow(10, -1 + i / 3.0);
      const std::complex<double> m = 1.0 - std::pow(1.0 + std::pow(std::complex<double>(0, w * std::exp(ln_a)), 0.8), -0.6);
      c.columns[0].values.push_back(w);
      c.columns[1].values.push_back(m.real() * std::exp(0.01 * normal(random))),
          c.columns[2].values.push_back(m.imag() * std::exp(0.01 * normal(random)));
    }
    c.properties["temperature"] = {t, "K"};
    list.push_back(std::move(c));
  }
  return list;
}

void master_curve(benchmark::State& state) {
  const int before = omp_get_max_threads();
  omp_set_num_threads(static_cast<int>(state.range(0)));
  const std::vector<Curve> list = isotherms();
  for (auto _ : state) benchmark::DoNotOptimize(relaxation::master_curve(list, {.vertical = state.range(1) ? "free" : "none"}));
  omp_set_num_threads(before);
}
BENCHMARK(master_curve)
    ->ArgNames({"threads", "vertical"})
    ->Args({1, 0})
    ->Args({1, 1})
    ->Args({2, 0})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
}  // namespace
