/// Downhill methods for a smooth function of very many variables; the engine below relax().
///
///     lbfgs   x += a d,  d = -B g,  B from the last pairs (s, y) of steps and changes of gradient; a = 1 unless the value rises
///     fire    damped dynamics with inertia, FIRE2 of Guenole et al.
///     newton  H d = -g by conjugate gradients, left early far from the minimum and at negative curvature
///
/// Variables come in triples (atoms); a step moves no triple farther than max_step. A step is accepted when the value falls (Armijo,
/// 1e-4), or, where differences of the value drown in rounding, when the slope along the step does not grow (the approximate
/// Wolfe condition of Hager and Zhang). All sums are made in fixed blocks: results do not depend on the number of threads.
/// References: Nocedal, Math. Comp. 35, 773 (1980), doi:10.1090/S0025-5718-1980-0572855-7; Guenole et al., Comput. Mater. Sci. 175,
/// 109584 (2020), doi:10.1016/j.commatsci.2020.109584; Dembo, Steihaug, Math. Program. 26, 190 (1983), doi:10.1007/BF02592055;
/// Hager, Zhang, SIAM J. Optim. 16, 170 (2005), doi:10.1137/030601880.
#pragma once

#include <cstddef>
#include <deque>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"

namespace heteroglass::landscape {

enum class Method { fire, lbfgs, newton };

/// Deterministic sums over long vectors.
double dot(std::span<const double> a, std::span<const double> b);
/// y += a x
void add(std::span<double> y, double a, std::span<const double> x);
/// Largest norm of a triple.
double largest_triple(std::span<const double> x);

/// A function with gradient, and for `newton` products with its second derivative.
class Function {
 public:
  virtual ~Function() = default;
  virtual double value(std::span<const double> x, std::span<double> gradient) = 0;
  /// What convergence looks at.
  virtual double residual(std::span<const double> gradient) const { return largest_triple(gradient); }
  virtual void expand(std::span<const double> /*x*/) {}
  virtual void product(std::span<const double> /*v*/, std::span<double> /*out*/) {}
};

/// The pairs that L-BFGS keeps; may be handed on to a neighbouring problem, whose curvature is nearly the same.
class CurvatureMemory {
 public:
  explicit CurvatureMemory(std::size_t pairs = 30) : limit_(pairs) {}
  void clear() { pairs_.clear(); }
  bool empty() const { return pairs_.empty(); }
  /// Keeps the pair when its curvature is positive.
  void keep(std::vector<double> step, std::vector<double> change);
  /// v <- B v
  void apply(std::span<double> v) const;

 private:
  struct Pair {
    std::vector<double> step, change;
    double curvature = 0, scale = 0;  ///< s.y, s.y / y.y
  };
  std::size_t limit_;
  std::deque<Pair> pairs_;
};

struct Descent {
  Method method = Method::lbfgs;
  double tolerance = 1e-6;  ///< of the residual
  int max_evaluations = 100000;
  double max_step = 0.1;                                         ///< longest move of a triple in one step
  double stop_below = -std::numeric_limits<double>::infinity();  ///< leave as soon as the value is lower than this
};

struct Descended {
  double value = 0, residual = 0;
  int evaluations = 0;
  bool converged = false;  ///< residual <= tolerance
  bool left = false;       ///< the value fell below stop_below
  std::string message;     ///< why it did not converge
};

/// `x` is overwritten by the last point. @throws NumericalError when the value at the start is not finite; Interrupted.
Descended descend(Function& function, std::span<double> x, const Descent& how, CurvatureMemory& memory, Context& context);

}  // namespace heteroglass::landscape
