#include "numeric/map_correlation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "numeric/fourier.hpp"
#include "numeric/least_squares.hpp"

namespace heteroglass::numeric {
namespace {

/// Sums over rectangles of a map of squares.
class SummedArea {
 public:
  SummedArea(const std::vector<double>& values, std::size_t width, std::size_t height)
      : stride_(width + 1), sum_((width + 1) * (height + 1), 0) {
    for (std::size_t y = 0; y < height; ++y) {
      double row = 0;
      for (std::size_t x = 0; x < width; ++x) {
        row += values[y * width + x] * values[y * width + x];
        sum_[(y + 1) * stride_ + x + 1] = sum_[y * stride_ + x + 1] + row;
      }
    }
  }
  /// Over [x0, x1) x [y0, y1).
  double operator()(std::size_t x0, std::size_t x1, std::size_t y0, std::size_t y1) const {
    return sum_[y1 * stride_ + x1] - sum_[y0 * stride_ + x1] - sum_[y1 * stride_ + x0] + sum_[y0 * stride_ + x0];
  }

 private:
  std::size_t stride_;
  std::vector<double> sum_;
};

PaddedFourier::Spectrum power(PaddedFourier::Spectrum s) {
  for (auto& m : s) m = std::norm(m);
  return s;
}

/// Nothing is masked: pairs are counted and squares summed over rectangles; one transform each way.
LagSums of_whole(const MapView& map, const PaddedFourier& fourier, const std::vector<double>& values) {
  LagSums s{fourier.lag_x(), fourier.lag_y(), {}, fourier.inverse(power(fourier.forward(values))), {}};
  const std::size_t columns = 2 * s.lag_x + 1;
  const SummedArea area(values, map.width, map.height);
  s.pairs.resize(s.products.size()), s.squares.resize(s.products.size());
  for (std::size_t dy = 0; dy <= s.lag_y; ++dy)
    for (std::size_t c = 0; c < columns; ++c) {
      const std::size_t dx = c < s.lag_x ? s.lag_x - c : c - s.lag_x, i = dy * columns + c;
      const std::size_t w = map.width - dx, h = map.height - dy;
      const bool left = c < s.lag_x;  // the partner lies to the left
      const double here = area(left ? dx : 0, left ? map.width : w, 0, h),
                   there = area(left ? 0 : dx, left ? w : map.width, dy, map.height);
      s.pairs[i] = static_cast<double>(w) * static_cast<double>(h);
      s.squares[i] = std::max(0.0, here + there - 2 * s.products[i]);
    }
  s.squares[s.lag_x] = 0;
  return s;
}

/// `present` 1 where a pixel is, `values` 0 where it is not.
LagSums of_masked(const PaddedFourier& fourier, const std::vector<double>& values, const std::vector<double>& present) {
  std::vector<double> squared(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) squared[i] = values[i] * values[i];
  const PaddedFourier::Spectrum m = fourier.forward(present), p = fourier.forward(values);
  PaddedFourier::Spectrum cross = fourier.forward(squared);
  for (std::size_t k = 0; k < cross.size(); ++k) cross[k] = 2 * std::real(std::conj(cross[k]) * m[k]) - 2 * std::norm(p[k]);
  LagSums s{fourier.lag_x(), fourier.lag_y(), fourier.inverse(power(m)), fourier.inverse(power(p)), fourier.inverse(std::move(cross))};
  for (double& n : s.pairs) n = std::round(n);  // it counts
  for (std::size_t i = 0; i < s.pairs.size(); ++i)
    if (s.pairs[i] <= 0) s.products[i] = s.squares[i] = 0;
  s.squares[s.lag_x] = 0;
  return s;
}

struct Prepared {
  std::vector<double> values, present;
  bool masked = false;
};

Prepared prepared(const MapView& map, double mean) {
  Prepared p{std::vector<double>(map.size()), std::vector<double>(map.size(), 1), false};
  for (std::size_t i = 0; i < map.size(); ++i)
    if (std::isfinite(map.values[i]))
      p.values[i] = map.values[i] - mean;
    else
      p.present[i] = 0, p.masked = true;
  return p;
}

constexpr double absent = std::numeric_limits<double>::quiet_NaN();

/// Where the autocorrelation first falls to 1/e of its beginning, on straight lines between rings.
double decay_length(const RadialCorrelation& r) {
  const double level = r.autocorrelation.empty() ? 0 : r.autocorrelation[0] * std::exp(-1.0);
  if (!(level > 0)) return absent;
  for (std::size_t k = 1; k < r.distance.size(); ++k)
    if (r.autocorrelation[k] <= level) {
      const double a = r.autocorrelation[k - 1], b = r.autocorrelation[k];
      return r.distance[k - 1] + (r.distance[k] - r.distance[k - 1]) * (a - level) / (a - b);
    }
  return absent;
}

struct StructureFit {
  double s = absent, xi = absent, a = absent, to = 0;
  bool converged = false;
};

double model(double s, double xi, double a, double r) { return 2 * s * s * -std::expm1(-std::pow(r / xi, 2 * a)); }

/// Weighted by pairs through `weight`; distances up to `to`.
StructureFit fitted(const RadialCorrelation& c, const std::vector<double>& sigma, double to, const StructureFit& start, double largest) {
  std::vector<std::size_t> use;
  for (std::size_t k = 1; k < c.distance.size(); ++k)
    if (c.pairs[k] > 0 && c.distance[k] <= to && sigma[k] > 0) use.push_back(k);
  StructureFit f;
  f.to = to;
  if (use.size() < 4) return f;
  const std::vector<Parameter> parameters = {{"s", start.s, start.s * 1e-3, start.s * 1e3},
                                             {"xi", start.xi, c.distance[1] * 1e-2, 20 * largest},
                                             {"a", std::clamp(start.a, 0.06, 0.99), 0.05, 1}};
  try {
    const LeastSquares l = least_squares(parameters, use.size(),
                                         [&](std::span<const double> p, std::span<double> residual, double* jacobian) {
                                           for (std::size_t i = 0; i < use.size(); ++i) {
                                             const std::size_t k = use[i];
                                             const double u = std::pow(c.distance[k] / p[1], 2 * p[2]), e = std::exp(-u),
                                                          full = 2 * p[0] * p[0];
                                             residual[i] = (full * (1 - e) - c.structure[k]) / sigma[k];
                                             if (!jacobian) continue;
                                             jacobian[3 * i] = 4 * p[0] * (1 - e) / sigma[k];
                                             jacobian[3 * i + 1] = -full * e * u * 2 * p[2] / p[1] / sigma[k];
                                             jacobian[3 * i + 2] = full * e * u * 2 * std::log(c.distance[k] / p[1]) / sigma[k];
                                           }
                                         },
                                         {.analytic = true, .known_errors = true, .max_iterations = 200});
    f.s = l.value[0], f.xi = l.value[1], f.a = l.value[2];
    f.converged = l.converged && f.xi < 10 * largest;
  } catch (const NumericalError&) {
  }
  return f;
}

/// The fit to all distances, then to five lengths (at least six rings).
StructureFit structure_fit(const RadialCorrelation& c, const std::vector<double>& sigma) {
  const double largest = c.distance.back();
  StructureFit start;
  double plateau = 0, pairs = 0;
  for (std::size_t k = c.distance.size() / 2; k < c.distance.size(); ++k) plateau += c.pairs[k] * c.structure[k], pairs += c.pairs[k];
  if (!(plateau > 0)) return start;
  start.s = std::sqrt(plateau / pairs / 2), start.a = 0.5;
  const double decay = decay_length(c);
  start.xi = std::isfinite(decay) ? decay : largest / 2;
  StructureFit f = fitted(c, sigma, largest, start, largest);
  for (int turn = 0; turn < 3 && f.converged; ++turn) {
    const double to = std::min(largest, std::max(5 * f.xi, c.distance[std::min<std::size_t>(6, c.distance.size() - 1)]));
    if (std::abs(to - f.to) < 0.02 * to) break;
    const StructureFit next = fitted(c, sigma, to, f, largest);
    if (!next.converged) break;
    f = next;
  }
  return f;
}

std::vector<double> first_weights(const RadialCorrelation& c) {
  // Rings of large r hold few independent pairs: all rings alike in relative terms until better is known.
  std::vector<double> sigma(c.structure.size());
  for (std::size_t k = 0; k < sigma.size(); ++k) sigma[k] = c.structure[k] > 0 ? 0.05 * c.structure[k] : 0;
  return sigma;
}

/// Variance of a scan line's level.
double line_variance(const LagSums& s, const MapView& map) {
  const std::size_t kx = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(map.pixel_height / map.pixel_width)));
  const std::size_t ky = std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(map.pixel_width / map.pixel_height)));
  if (kx > s.lag_x || ky > s.lag_y) return absent;
  const std::size_t columns = 2 * s.lag_x + 1, along = s.lag_x + kx, across = ky * columns + s.lag_x;
  if (!(s.pairs[along] > 0) || !(s.pairs[across] > 0)) return absent;
  return (s.squares[across] / s.pairs[across] - s.squares[along] / s.pairs[along]) / 2;
}

struct Blocks {
  std::size_t side;
  std::size_t width, height;
  std::size_t count() const { return side * side; }
  std::size_t of(std::size_t x, std::size_t y) const { return y * side / height * side + x * side / width; }
};

/// Jackknife error of what is computed without each block in turn.
double jackknife(const std::vector<double>& without) {
  double mean = 0, sum = 0;
  std::size_t n = 0;
  for (const double v : without)
    if (std::isfinite(v)) mean += v, ++n;
  if (n < 4) return absent;
  mean /= static_cast<double>(n);
  for (const double v : without)
    if (std::isfinite(v)) sum += (v - mean) * (v - mean);
  return std::sqrt(sum * static_cast<double>(n - 1) / static_cast<double>(n));
}

/// Errors that Gaussian random maps of this size have; sixteen blocks alone often give less.
void raise_to_chance(MapCorrelation& c, double side) {
  const double a = std::max(c.exponent.value, 0.3);  // no smaller ones were simulated
  const auto raise = [&](Measured& length, double least) {
    if (length.error < least) length.error = least, length.note = "that of Gaussian random maps, above the jackknife over blocks";
  };
  raise(c.xi, 0.85 * c.xi.value * c.xi.value / (a * a * side));
  raise(c.decay_length, c.decay_length.value * c.decay_length.value / (std::pow(a, 1.5) * side));
}

struct Lags {
  std::size_t x, y;
};

Lags lags(const MapView& map, std::optional<double> r_max) {
  const auto limit = [&](std::size_t n, double pixel) {
    const double most = 0.75 * static_cast<double>(n);
    const double own = r_max ? *r_max / pixel : std::min(most, std::max(12.0, static_cast<double>(n) / 4));
    return static_cast<std::size_t>(std::clamp(own, 2.0, static_cast<double>(n - 1)));
  };
  Lags l{limit(map.width, map.pixel_width), limit(map.height, map.pixel_height)};
  if (!r_max) {  // the same distance both ways
    const double r = std::min(static_cast<double>(l.x) * map.pixel_width, static_cast<double>(l.y) * map.pixel_height);
    l.x = std::max<std::size_t>(2, static_cast<std::size_t>(r / map.pixel_width + 1e-9));
    l.y = std::max<std::size_t>(2, static_cast<std::size_t>(r / map.pixel_height + 1e-9));
  }
  return l;
}

void check(const MapView& map, const MapMoments& m) {
  if (map.width < 6 || map.height < 6)
    throw InputError(fmt::format("correlation: a map must have 6 x 6 pixels or more, got {} x {}", map.width, map.height));
  if (m.pixels < 18 || !(m.sd > 0))
    throw InputError(
        fmt::format("correlation: a map must have pixels that differ, got {} pixels with standard deviation {}", m.pixels, m.sd));
}

}  // namespace

LagSums lag_sums(const MapView& map, std::size_t lag_x, std::size_t lag_y, double mean) {
  const PaddedFourier fourier(map.width, map.height, lag_x, lag_y);
  const Prepared p = prepared(map, mean);
  return p.masked ? of_masked(fourier, p.values, p.present) : of_whole(map, fourier, p.values);
}

RadialCorrelation radial(const LagSums& s, double pixel_width, double pixel_height) {
  const double width = std::min(pixel_width, pixel_height);
  const double reach = std::min(static_cast<double>(s.lag_x) * pixel_width, static_cast<double>(s.lag_y) * pixel_height);
  const auto rings = static_cast<std::size_t>(reach / width + 1e-9) + 1;
  RadialCorrelation r{std::vector<double>(rings, 0), std::vector<double>(rings, 0), std::vector<double>(rings, 0),
                      std::vector<double>(rings, 0)};
  const std::size_t columns = 2 * s.lag_x + 1;
  for (std::size_t dy = 0; dy <= s.lag_y; ++dy)
    for (std::size_t c = dy == 0 ? s.lag_x : 0; c < columns; ++c) {
      const double x = (static_cast<double>(c) - static_cast<double>(s.lag_x)) * pixel_width, y = static_cast<double>(dy) * pixel_height;
      const double d = std::sqrt(x * x + y * y);
      const auto k = static_cast<std::size_t>(d / width + 0.5);
      if (k >= rings) continue;
      const std::size_t i = dy * columns + c;
      r.distance[k] += s.pairs[i] * d, r.pairs[k] += s.pairs[i];
      r.autocorrelation[k] += s.products[i], r.structure[k] += s.squares[i];
    }
  std::size_t kept = 0;  // oblong pixels leave some rings empty
  for (std::size_t k = 0; k < rings; ++k) {
    if (!(r.pairs[k] > 0)) continue;
    r.distance[kept] = r.distance[k] / r.pairs[k], r.pairs[kept] = r.pairs[k];
    r.autocorrelation[kept] = r.autocorrelation[k] / r.pairs[k], r.structure[kept] = r.structure[k] / r.pairs[k];
    ++kept;
  }
  for (auto* v : {&r.distance, &r.pairs, &r.autocorrelation, &r.structure}) v->resize(kept);
  return r;
}

CorrelationLengths correlation_lengths(const MapView& map, std::optional<double> r_max) {
  const MapMoments m = moments(map.values);
  check(map, m);
  const Lags l = lags(map, r_max);
  const RadialCorrelation c = radial(lag_sums(map, l.x, l.y, m.mean), map.pixel_width, map.pixel_height);
  const StructureFit f = structure_fit(c, first_weights(c));
  return {f.converged ? f.xi : absent, decay_length(c)};
}

CorrelationLengths correlation_lengths(const MapView& map, const MapCorrelation& like) {
  const MapMoments m = moments(map.values);
  check(map, m);
  const double r_max = like.distance.back() * (1 + 1e-9) + 0.5 * std::min(map.pixel_width, map.pixel_height);
  const Lags l = lags(map, r_max);
  RadialCorrelation c = radial(lag_sums(map, l.x, l.y, m.mean), map.pixel_width, map.pixel_height);
  for (auto* v : {&c.distance, &c.pairs, &c.autocorrelation, &c.structure}) v->resize(std::min(v->size(), like.weight.size()));
  std::vector<double> sigma(c.structure.size());
  for (std::size_t k = 0; k < sigma.size(); ++k) sigma[k] = like.weight[k] * c.structure[k];
  const StructureFit f = structure_fit(c, sigma);
  return {f.converged ? f.xi : absent, decay_length(c)};
}

MapCorrelation map_correlation(const MapView& map, const MapCorrelationSettings& settings) {
  const MapMoments m = moments(map.values);
  check(map, m);
  const Lags l = lags(map, settings.r_max);
  const PaddedFourier fourier(map.width, map.height, l.x, l.y);
  Prepared p = prepared(map, m.mean);
  const LagSums sums = p.masked ? of_masked(fourier, p.values, p.present) : of_whole(map, fourier, p.values);
  const RadialCorrelation c = radial(sums, map.pixel_width, map.pixel_height);
  const std::size_t rings = c.distance.size();
  const std::vector<double> first = first_weights(c);
  StructureFit fit = structure_fit(c, first);
  MapCorrelation out;
  out.distance = c.distance, out.autocorrelation = c.autocorrelation, out.structure = c.structure;
  out.autocorrelation_error.assign(rings, absent), out.structure_error.assign(rings, absent);
  out.weight.assign(rings, 0.05);

  std::vector<double> s, xi, a, decay, line;
  const std::size_t side = std::max(map.width, map.height) > 512 ? 3 : 4;
  if (settings.errors) {
    const Blocks blocks{side, map.width, map.height};
    std::vector<RadialCorrelation> part;
    for (std::size_t b = 0; b < blocks.count(); ++b) {
      std::vector<double> values = p.values, present = p.present;
      double left = 0, mean = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (blocks.of(i % map.width, i / map.width) == b) values[i] = present[i] = 0;
        left += present[i], mean += values[i];
      }
      if (left < 18) continue;
      mean /= left;
      for (std::size_t i = 0; i < values.size(); ++i) values[i] -= mean * present[i];
      const LagSums without = of_masked(fourier, values, present);
      part.push_back(radial(without, map.pixel_width, map.pixel_height));
      line.push_back(line_variance(without, map));
    }
    std::erase_if(part, [&](const RadialCorrelation& r) { return r.distance.size() != rings; });
    for (std::size_t k = 0; k < rings; ++k) {
      std::vector<double> of_c, of_p;
      for (const RadialCorrelation& r : part) of_c.push_back(r.autocorrelation[k]), of_p.push_back(r.structure[k]);
      out.autocorrelation_error[k] = jackknife(of_c), out.structure_error[k] = k == 0 ? 0 : jackknife(of_p);
    }
    // Again with the errors as weights; a floor of a fifth of their mean relative size tames chance agreements.
    double relative = 0;
    for (std::size_t k = 1; k < rings; ++k) relative += c.structure[k] > 0 ? out.structure_error[k] / c.structure[k] : 0;
    relative /= static_cast<double>(std::max<std::size_t>(1, rings - 1));
    std::vector<double> sigma(rings);
    for (std::size_t k = 0; k < rings; ++k) sigma[k] = std::max(out.structure_error[k], 0.2 * relative * c.structure[k]);
    if (relative > 0 && std::isfinite(relative)) {
      if (const StructureFit better = structure_fit(c, sigma); better.converged) {
        fit = better;
        for (std::size_t k = 1; k < rings; ++k) out.weight[k] = c.structure[k] > 0 ? sigma[k] / c.structure[k] : 0;
      }
      for (const RadialCorrelation& r : part) {
        const StructureFit f = fit.converged ? fitted(r, sigma, fit.to, fit, c.distance.back()) : StructureFit{};
        s.push_back(f.s), xi.push_back(f.xi), a.push_back(f.a);
        decay.push_back(decay_length(r));
      }
    }
  }
  const std::string method = settings.errors ? "jackknife over blocks" : "no errors were asked for";
  const auto measured = [&](double value, const std::vector<double>& without) { return Measured{value, jackknife(without), method}; };
  out.converged = fit.converged, out.fit_to = fit.to;
  if (fit.converged)
    out.roughness = measured(fit.s, s), out.xi = measured(fit.xi, xi), out.exponent = measured(fit.a, a);
  else
    out.roughness.note = out.xi.note = out.exponent.note = "the structure function does not saturate within the map";
  out.decay_length = measured(decay_length(c), decay);
  if (settings.errors && fit.converged) {
    const double side_length = std::sqrt(static_cast<double>(m.pixels) * map.pixel_width * map.pixel_height);
    raise_to_chance(out, side_length);
  }
  if (!std::isfinite(out.decay_length.value)) out.decay_length.note = "the autocorrelation does not fall to 1/e within the distances";
  const double variance = line_variance(sums, map), spread = jackknife(line);
  const double noise = std::sqrt(std::max(0.0, variance));
  out.line_noise = {
      noise, std::isfinite(spread) ? (noise > 0 ? std::min(spread / (2 * noise), std::sqrt(spread)) : std::sqrt(spread)) : absent, method};
  for (const double r : c.distance) out.fitted.push_back(fit.converged && r <= fit.to ? model(fit.s, fit.xi, fit.a, r) : absent);

  double squares = 0, count = 0;
  for (std::size_t k = 1; k < rings; ++k)
    if (std::isfinite(out.fitted[k]) && out.structure_error[k] > 0)
      squares += std::pow((out.structure[k] - out.fitted[k]) / out.structure_error[k], 2), ++count;
  if (count > 0) out.misfit = std::sqrt(squares / count);
  if (out.misfit > 3)
    out.notes.push_back(
        fmt::format("the stretched exponential does not fit the structure function: it is {:.1f} standard errors off", out.misfit));

  const double pixel = std::max(map.pixel_width, map.pixel_height);
  const double length = fit.converged ? fit.xi : out.decay_length.value;
  out.resolved = std::isfinite(length) && length >= 3 * pixel && !(settings.tip_radius && length < *settings.tip_radius);
  if (!fit.converged) out.notes.emplace_back("the structure function does not saturate within the map: no length is fitted");
  if (std::isfinite(length) && length < 3 * pixel)
    out.notes.push_back(fmt::format("the correlation length of {:.3g} pixels is under 3 pixels: it is not resolved", length / pixel));
  if (settings.tip_radius && length < *settings.tip_radius)
    out.notes.push_back(fmt::format("the correlation length of {:.4g} nm is under the radius {:.4g} nm of the tip: it may be the tip's",
                                    length, *settings.tip_radius));
  const double block = std::min(static_cast<double>(map.width) * map.pixel_width, static_cast<double>(map.height) * map.pixel_height) /
                       static_cast<double>(side);
  if (settings.errors && length > block / 3)
    out.notes.emplace_back("the map holds few correlation lengths: errors of lengths are lower bounds");
  if (variance > 0.1 * m.sd * m.sd && variance > 3 * spread)
    out.notes.push_back(fmt::format("scan lines jump by {:.3g} of the standard deviation of the map: level it line by line", noise / m.sd));
  return out;
}

}  // namespace heteroglass::numeric
