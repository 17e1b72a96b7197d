#include "numeric/gaussian_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "numeric/covariance_factor.hpp"
#include "numeric/k_means.hpp"

namespace heteroglass::numeric {
namespace {

constexpr int short_run = 30;        // steps that tell a good start from a bad one
constexpr std::size_t block = 4096;  // points that are summed in one go, so that sums do not depend on threads

/// Lower Cholesky factor in place of a small matrix; the least pivot, squared, or a negative number when it is not positive definite.
double factorise(Matrix& a) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t j = 0; j < a.rows; ++j) {
    double pivot = a(j, j);
    for (std::size_t k = 0; k < j; ++k) pivot -= a(j, k) * a(j, k);
    if (!(pivot > 0)) return -1;
    least = std::min(least, pivot);
    a(j, j) = std::sqrt(pivot);
    for (std::size_t i = j + 1; i < a.rows; ++i) {
      for (std::size_t k = 0; k < j; ++k) a(i, j) -= a(i, k) * a(j, k);
      a(i, j) /= a(j, j);
    }
  }
  return least;
}

/// One component, ready for evaluation.
struct Component {
  double log_front = 0;  ///< ln w - ln det(C)/2 - d ln(2 pi)/2
  std::vector<double> mean;
  Matrix factor;  ///< lower, of C

  /// z = L^-1 (x - m); the log of the weighted density.
  double log_density(const double* x, double* z) const {
    double square = 0;
    for (std::size_t a = 0; a < mean.size(); ++a) {
      z[a] = x[a] - mean[a];
      for (std::size_t b = 0; b < a; ++b) z[a] -= factor(a, b) * z[b];
      z[a] /= factor(a, a);
      square += z[a] * z[a];
    }
    return log_front - square / 2;
  }
};

/// Sums over a block of points: weight, first and second moments about the standardised origin of each component.
struct Sums {
  std::vector<double> weight, first, second;
  double log_likelihood = 0;
  Sums(std::size_t k, std::size_t d) : weight(k), first(k * d), second(k * d * d) {}
  void add(const Sums& o) {
    log_likelihood += o.log_likelihood;
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] += o.weight[i];
    for (std::size_t i = 0; i < first.size(); ++i) first[i] += o.first[i];
    for (std::size_t i = 0; i < second.size(); ++i) second[i] += o.second[i];
  }
};

class Fit {
 public:
  Fit(const Matrix& x, std::span<const double> weight, std::size_t k, const MixtureSettings& settings)
      : x_(x), weight_(weight), k_(k), d_(x.columns), settings_(settings), components_(k) {}

  /// False when a component collapses.
  bool start(const std::vector<int>& labels) { return maximise(by_labels(labels)) && run(short_run); }

  bool run(int iterations) {
    double previous = -std::numeric_limits<double>::infinity();
    for (int i = 0; i < iterations && !converged_; ++i) {
      const Sums sums = expect();
      log_likelihood_ = sums.log_likelihood;
      if (log_likelihood_ - previous < settings_.tolerance * total_) {
        converged_ = true;
        return true;
      }
      previous = log_likelihood_;
      if (!maximise(sums)) return false;
    }
    return true;
  }

  double log_likelihood() const { return log_likelihood_; }
  bool converged() const { return converged_; }
  const std::vector<double>& weights() const { return share_; }
  const std::vector<Matrix>& covariances() const { return covariance_; }
  const std::vector<Component>& components() const { return components_; }

  /// Posterior probabilities of point i into r (k), L^-1 (x - m) of each component into z (k d). Log of the density.
  double posterior(std::size_t i, double* r, double* z) const {
    double top = -std::numeric_limits<double>::infinity();
    for (std::size_t g = 0; g < k_; ++g)
      r[g] = components_[g].log_density(x_.values.data() + i * d_, z + g * d_), top = std::max(top, r[g]);
    double sum = 0;
    for (std::size_t g = 0; g < k_; ++g) r[g] = std::exp(r[g] - top), sum += r[g];
    for (std::size_t g = 0; g < k_; ++g) r[g] /= sum;
    return top + std::log(sum);
  }

 private:
  double weight(std::size_t i) const { return weight_.empty() ? 1 : weight_[i]; }

  void add(Sums& s, std::size_t i, std::size_t g, double w) const {
    const double* x = x_.values.data() + i * d_;
    s.weight[g] += w;
    for (std::size_t a = 0; a < d_; ++a) {
      s.first[g * d_ + a] += w * x[a];
      for (std::size_t b = 0; b <= a; ++b) s.second[(g * d_ + a) * d_ + b] += w * x[a] * x[b];
    }
  }

  Sums by_labels(const std::vector<int>& labels) const {
    Sums s(k_, d_);
    for (std::size_t i = 0; i < x_.rows; ++i) add(s, i, static_cast<std::size_t>(labels[i]), weight(i));
    return s;
  }

  Sums expect() const {
    const std::size_t blocks = (x_.rows + block - 1) / block;
    std::vector<Sums> part(blocks, Sums(k_, d_));
#pragma omp parallel for schedule(dynamic) if (blocks > 4)
    for (std::size_t b = 0; b < blocks; ++b) {
      std::vector<double> r(k_), z(k_ * d_);
      for (std::size_t i = b * block; i < std::min(x_.rows, (b + 1) * block); ++i) {
        const double w = weight(i);
        if (w == 0) continue;
        part[b].log_likelihood += w * posterior(i, r.data(), z.data());
        for (std::size_t g = 0; g < k_; ++g) add(part[b], i, g, w * r[g]);
      }
    }
    for (std::size_t b = 1; b < blocks; ++b) part[0].add(part[b]);
    return part[0];
  }

  bool maximise(const Sums& s) {
    total_ = std::accumulate(s.weight.begin(), s.weight.end(), 0.0);
    share_.assign(k_, 0), covariance_.assign(k_, Matrix(d_, d_));
    for (std::size_t g = 0; g < k_; ++g) {
      if (!(s.weight[g] >= static_cast<double>(d_ + 1))) return false;
      Component& c = components_[g];
      share_[g] = s.weight[g] / total_;
      c.mean.resize(d_);
      for (std::size_t a = 0; a < d_; ++a) c.mean[a] = s.first[g * d_ + a] / s.weight[g];
      for (std::size_t a = 0; a < d_; ++a)
        for (std::size_t b = 0; b <= a; ++b)
          covariance_[g](a, b) = covariance_[g](b, a) = s.second[(g * d_ + a) * d_ + b] / s.weight[g] - c.mean[a] * c.mean[b];
      c.factor = covariance_[g];
      if (!(factorise(c.factor) >= settings_.floor)) return false;
      c.log_front = std::log(share_[g]) - static_cast<double>(d_) * std::log(2 * std::numbers::pi) / 2;
      for (std::size_t a = 0; a < d_; ++a) c.log_front -= std::log(c.factor(a, a));
    }
    return true;
  }

  const Matrix& x_;
  std::span<const double> weight_;
  std::size_t k_, d_;
  const MixtureSettings& settings_;
  std::vector<Component> components_;
  std::vector<double> share_;
  std::vector<Matrix> covariance_;
  double log_likelihood_ = 0, total_ = 0;
  bool converged_ = false;
};

/// Points with mean 0 and standard deviation 1 in each coordinate.
struct Standardised {
  Matrix x;
  std::vector<double> mean, sd;
};

Standardised standardised(const Matrix& x, std::span<const double> weight) {
  Standardised s{x, std::vector<double>(x.columns), std::vector<double>(x.columns)};
  const auto w = [&](std::size_t i) { return weight.empty() ? 1 : weight[i]; };
  double total = 0;
  for (std::size_t i = 0; i < x.rows; ++i) total += w(i);
  for (std::size_t c = 0; c < x.columns; ++c) {
    double sum = 0, square = 0;
    for (std::size_t i = 0; i < x.rows; ++i) sum += w(i) * x(i, c);
    s.mean[c] = sum / total;
    for (std::size_t i = 0; i < x.rows; ++i) square += w(i) * (x(i, c) - s.mean[c]) * (x(i, c) - s.mean[c]);
    s.sd[c] = std::sqrt(square / total);
    if (!(s.sd[c] > 0)) throw InputError(fmt::format("mixture: coordinate {} must have more than one value", c + 1));
    for (std::size_t i = 0; i < x.rows; ++i) s.x(i, c) = (x(i, c) - s.mean[c]) / s.sd[c];
  }
  return s;
}

/// Where each parameter stands in the information matrix: weights of all components but the last, means, lower covariances.
struct Places {
  std::size_t k, d;
  std::size_t mean(std::size_t g, std::size_t a) const { return k - 1 + g * d + a; }
  std::size_t covariance(std::size_t g, std::size_t a, std::size_t b) const {
    return k - 1 + k * d + g * d * (d + 1) / 2 + a * (a + 1) / 2 + b;
  }
  std::size_t count() const { return k - 1 + k * d + k * d * (d + 1) / 2; }
};

/// Derivatives of ln p(x_i) by all parameters.
void score(const Fit& fit, const Places& at, const std::vector<Matrix>& inverse, std::size_t i, std::vector<double>& r,
           std::vector<double>& z, std::vector<double>& s) {
  fit.posterior(i, r.data(), z.data());
  const std::vector<double>& w = fit.weights();
  for (std::size_t g = 0; g + 1 < at.k; ++g) s[g] = r[g] / w[g] - r[at.k - 1] / w[at.k - 1];
  std::vector<double> u(at.d);
  for (std::size_t g = 0; g < at.k; ++g) {
    const Matrix& l = fit.components()[g].factor;
    for (std::size_t a = at.d; a-- > 0;) {  // u = L^-T z = C^-1 (x - m)
      u[a] = z[g * at.d + a];
      for (std::size_t b = a + 1; b < at.d; ++b) u[a] -= l(b, a) * u[b];
      u[a] /= l(a, a);
    }
    for (std::size_t a = 0; a < at.d; ++a) {
      s[at.mean(g, a)] = r[g] * u[a];
      for (std::size_t b = 0; b <= a; ++b) s[at.covariance(g, a, b)] = r[g] * (a == b ? 0.5 : 1) * (u[a] * u[b] - inverse[g](a, b));
    }
  }
}

void set_errors(const Fit& fit, std::size_t rows, std::span<const double> weight, double independent, GaussianMixture& m) {
  const Places at{fit.weights().size(), m.mean.columns};
  std::vector<Matrix> inverse;
  for (const Matrix& c : fit.covariances()) inverse.push_back(CovarianceFactor(c).inverse());
  Matrix information(at.count(), at.count());
  std::vector<double> r(at.k), z(at.k * at.d), s(at.count());
  for (std::size_t i = 0; i < rows; ++i) {
    score(fit, at, inverse, i, r, z, s);
    const double w = independent * (weight.empty() ? 1 : weight[i]);
    for (std::size_t a = 0; a < s.size(); ++a)
      for (std::size_t b = 0; b <= a; ++b) information(a, b) += w * s[a] * s[b];
  }
  Matrix covariance;
  try {
    covariance = CovarianceFactor(information).inverse();
  } catch (const NumericalError&) {
    return;  // errors stay NaN
  }
  double last = 0;
  for (std::size_t g = 0; g + 1 < at.k; ++g) {
    m.weight_error[g] = std::sqrt(covariance(g, g));
    for (std::size_t h = 0; h + 1 < at.k; ++h) last += covariance(g, h);
  }
  m.weight_error[at.k - 1] = std::sqrt(last);
  for (std::size_t g = 0; g < at.k; ++g)
    for (std::size_t a = 0; a < at.d; ++a) {
      const std::size_t v = at.covariance(g, a, a);
      m.mean_error(g, a) = std::sqrt(covariance(at.mean(g, a), at.mean(g, a)));
      m.sd_error(g, a) = std::sqrt(covariance(v, v)) / (2 * std::sqrt(fit.covariances()[g](a, a)));
    }
}

/// Back to the units of the data, components in the order of their first mean.
GaussianMixture finished(const Fit& fit, const Standardised& s, std::span<const double> weight, const MixtureSettings& settings) {
  const std::size_t k = fit.weights().size(), d = s.mean.size(), n = s.x.rows;
  GaussianMixture raw, m;
  raw.weight_error.assign(k, NAN), raw.mean = Matrix(k, d), raw.mean_error = raw.sd_error = Matrix(k, d, NAN);
  set_errors(fit, n, weight, settings.independent, raw);
  std::vector<std::size_t> order(k), place(k);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return fit.components()[a].mean[0] < fit.components()[b].mean[0]; });
  m.mean = m.mean_error = m.sd = m.sd_error = Matrix(k, d);
  for (std::size_t g = 0; g < k; ++g) {
    const std::size_t o = order[g];
    place[o] = g;
    m.weight.push_back(fit.weights()[o]), m.weight_error.push_back(k == 1 ? 0 : raw.weight_error[o]);
    m.covariance.push_back(fit.covariances()[o]);
    for (std::size_t a = 0; a < d; ++a) {
      m.mean(g, a) = s.mean[a] + s.sd[a] * fit.components()[o].mean[a], m.mean_error(g, a) = s.sd[a] * raw.mean_error(o, a);
      m.sd(g, a) = s.sd[a] * std::sqrt(fit.covariances()[o](a, a)), m.sd_error(g, a) = s.sd[a] * raw.sd_error(o, a);
      for (std::size_t b = 0; b < d; ++b) m.covariance[g](a, b) *= s.sd[a] * s.sd[b];
    }
  }
  std::vector<double> r(k), z(k * d);
  double total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    fit.posterior(i, r.data(), z.data());
    m.label.push_back(static_cast<int>(place[static_cast<std::size_t>(std::max_element(r.begin(), r.end()) - r.begin())]));
    total += weight.empty() ? 1 : weight[i];
  }
  m.log_likelihood = fit.log_likelihood();
  for (const double sd : s.sd) m.log_likelihood -= total * std::log(sd);
  m.bic = settings.independent * -2 * m.log_likelihood + static_cast<double>(Places{k, d}.count()) * std::log(settings.independent * total);
  m.converged = fit.converged();
  return m;
}

}  // namespace

std::vector<double> GaussianMixture::posterior(std::span<const double> x) const {
  std::vector<double> p;
  double top = -std::numeric_limits<double>::infinity(), sum = 0;
  for (std::size_t g = 0; g < components(); ++g) {
    Component c{std::log(weight[g]), {}, covariance[g]};
    c.mean.assign(mean.values.begin() + static_cast<std::ptrdiff_t>(g * mean.columns),
                  mean.values.begin() + static_cast<std::ptrdiff_t>((g + 1) * mean.columns));
    factorise(c.factor);
    for (std::size_t a = 0; a < mean.columns; ++a) c.log_front -= std::log(c.factor(a, a));
    std::vector<double> z(mean.columns);
    p.push_back(c.log_density(x.data(), z.data()));
    top = std::max(top, p.back());
  }
  for (double& v : p) v = std::exp(v - top), sum += v;
  for (double& v : p) v /= sum;
  return p;
}

GaussianMixture gaussian_mixture(const Matrix& x, std::span<const double> weight, std::size_t k, const MixtureSettings& settings) {
  if (k == 0 || x.rows < k * (x.columns + 1))
    throw InputError(fmt::format("mixture: {} components must have at least {} points, got {}", k, k * (x.columns + 1), x.rows));
  const Standardised s = standardised(x, weight);
  std::unique_ptr<Fit> best;
  for (int restart = 0; restart < (k == 1 ? 1 : std::max(1, settings.restarts)); ++restart) {
    const KMeans seeds = k_means(s.x, weight, k, {1, restart == 0 ? 300 : 3, settings.seed + static_cast<std::uint64_t>(restart)});
    auto fit = std::make_unique<Fit>(s.x, weight, k, settings);
    if (fit->start(seeds.label) && (!best || fit->log_likelihood() > best->log_likelihood())) best = std::move(fit);
  }
  if (!best || !best->run(settings.max_iterations))
    throw NumericalError(fmt::format("mixture: {} components must each hold some points, and every start shrinks one onto few", k));
  return finished(*best, s, weight, settings);
}

MixtureChoice best_gaussian_mixture(const Matrix& x, std::span<const double> weight, std::size_t k_max, const MixtureSettings& settings) {
  MixtureChoice choice;
  for (std::size_t k = 1; k <= k_max; ++k) {
    choice.bic.push_back(std::numeric_limits<double>::infinity());
    if (k > 1 && x.rows < k * (x.columns + 1)) continue;
    try {
      GaussianMixture m = gaussian_mixture(x, weight, k, settings);
      choice.bic.back() = m.bic;
      if (k == 1 || m.bic < choice.best.bic) choice.best = std::move(m);
    } catch (const NumericalError&) {
      if (k == 1) throw;
    } catch (const InputError&) {
      if (k == 1) throw;  // fewer different points than components
    }
  }
  return choice;
}

}  // namespace heteroglass::numeric
