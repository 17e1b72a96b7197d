// Havriliak-Negami + KWW fitted to 500 points of M', M'' with 95 % profile intervals, start values from the data; target 1 s.
#include <benchmark/benchmark.h>

#include <cmath>
#include <complex>
#include <random>

#include "relaxation/fit.hpp"
#include "relaxation/response_models.hpp"

namespace {
using namespace heteroglass;

void relaxation_fit(benchmark::State& state) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  const relaxation::Process slow(relaxation::Shape::havriliak_negami, std::vector{0.9, 0.5}),
      fast(relaxation::Shape::kww, std::vector{0.5});
  Curve c;
  c.source = "made";
  c.columns = {{"angular_frequency", "rad/s", {}}, {"storage", "GPa", {}}, {"loss", "GPa", {}}};
  for (int i = 0; i < 500; ++i) {
    const double w = 1e-4 * std::pow(1e9, i / 499.0);
    const std::complex<double> m = 31.0 - 25.0 * slow.susceptibility(50 * w) - 5.0 * fast.susceptibility(0.01 * w);
    c.columns[0].values.push_back(w);
    c.columns[1].values.push_back(m.real() * (1 + 0.003 * normal(random))),
        c.columns[2].values.push_back(m.imag() * (1 + 0.01 * normal(random)));
  }
  for (auto _ : state) benchmark::DoNotOptimize(relaxation::fit({&c, 1}, {.model = "havriliak-negami+kww"}));
}
BENCHMARK(relaxation_fit)->Unit(benchmark::kMillisecond);
}  // namespace
