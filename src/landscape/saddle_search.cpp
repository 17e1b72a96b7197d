#include "landscape/saddle_search.hpp"

#include <algorithm>
#include <cmath>

#include "landscape/descender.hpp"

namespace heteroglass::landscape {
namespace {

/// v less its part along the unit vector n, `times` over.
Vectors without(const Vectors& v, const Vectors& n, double times) {
  Vectors out = v;
  add(out, -times * dot(v, n), n);
  return out;
}

Vectors unit(Vectors v) {
  scale(v, 1 / norm(v));
  return v;
}

/// Where a search is.
struct Walk {
  ForceField& field;
  Vectors x, f;
  Walk(ForceField& field_, Vectors x_) : field(field_), x(std::move(x_)), f(x.size()) { evaluate(); }
  void evaluate() { field.forces(x, f); }
  void move(double s, const Vectors& along) {
    add(x, s, along);
    evaluate();
  }
};

/// Steps along the mode towards the saddle: Newton's, a / lambda with a the force along it, or the longest one where that is longer.
void climb(Walk& w, const Mode& mode, const SearchOptions& o) {
  for (int k = 0; k < o.neigen; ++k) {
    const double along = dot(w.f, mode.direction);
    const double newton = along / -std::abs(mode.curvature);
    w.move(std::clamp(newton, -o.eigen_step, o.eigen_step), mode.direction);
  }
}

SaddlePoint follow(Walk& w, Mode mode, const SearchOptions& o, double stiffness, int first) {
  SaddlePoint out;
  Descender descender(stiffness, o.max_step);
  const double shallow = o.threshold * stiffness;
  int lost = 0;
  for (std::size_t round = 0;; ++round) {
    if (mode.curvature > shallow) {
      if (++lost > o.max_pushes) {
        out.end = SearchEnd::lost_negative_curvature;
        break;
      }
      round = static_cast<std::size_t>(-1);  // the ramp begins anew
      const double uphill = dot(w.f, mode.direction) > 0 ? -1 : 1;
      w.move(uphill * o.eigen_step, mode.direction);
      descender.forget();
      Descender across(stiffness, o.max_step);
      for (int k = 0; k < o.relax_lost; ++k) w.move(1, across.step(without(w.f, mode.direction, 1)));
    } else {
      climb(w, mode, o);
      const int steps = round >= o.nperp.size() ? 32 : o.nperp[round];
      const Vectors from = w.x;
      for (int k = 0; k < steps && longest(w.f) > o.force_tolerance; ++k) {
        const bool near = mode.curvature < shallow && longest(w.f) < o.turn_below * stiffness;
        w.move(1, descender.step(without(w.f, mode.direction, near ? 2 : 1)));
        if (std::abs(dot(w.x, mode.direction) - dot(from, mode.direction)) > o.eigen_step) break;  // the mode is another one there
      }
      descender.skip();
    }
    if (w.field.evaluations() - first > o.max_evaluations) {
      out.end = SearchEnd::too_many_evaluations;
      break;
    }
    const Vectors before = mode.direction;
    mode = lowest_mode(w.field, w.x, w.f, mode.direction, o.lanczos);
    if (std::abs(dot(before, mode.direction)) < 0.7) descender.forget();
    if (longest(w.f) <= o.force_tolerance && mode.curvature < shallow) break;
  }
  out.position = w.x, out.mode = std::move(mode);
  out.residual_force = longest(w.f);
  out.evaluations = w.field.evaluations() - first;
  return out;
}

}  // namespace

SaddlePoint follow_mode(ForceField& field, Vectors x, Mode mode, const SearchOptions& options, double stiffness) {
  const int first = field.evaluations();
  Walk w(field, std::move(x));
  return follow(w, std::move(mode), options, stiffness, first);
}

SaddlePoint search_saddle(ForceField& field, const Vectors& start, const Vectors& push, const SearchOptions& o) {
  const int first = field.evaluations();
  Vectors direction = push;
  project_out(direction, field.rigid_motions(start));
  direction = unit(direction);
  Walk w(field, start);
  w.move(o.push, direction);
  const double stiffness = std::abs(dot(w.f, direction)) / o.push;
  Mode mode;
  mode.direction = direction;
  for (int pushes = 1;; ++pushes) {
    Descender descender(stiffness, o.max_step);
    for (int k = 0; k < o.relax_push; ++k) w.move(1, descender.step(without(w.f, direction, 1)));
    if (pushes >= o.ninit) {
      mode = lowest_mode(field, w.x, w.f, mode.direction, o.lanczos);
      if (mode.curvature < o.threshold * stiffness) break;
    }
    if (pushes >= o.max_pushes) {
      SaddlePoint out;
      out.end = SearchEnd::no_negative_curvature;
      out.position = w.x, out.mode = std::move(mode), out.residual_force = longest(w.f);
      out.evaluations = field.evaluations() - first;
      return out;
    }
    w.move(o.push_again, direction);
  }
  return follow(w, std::move(mode), o, stiffness, first);
}

double descend(ForceField& field, Vectors& x, double force_tolerance, double max_step, double stiffness, int max_evaluations,
               const std::function<bool(const Vectors&, const Vectors&)>& enough) {
  Walk w(field, x);
  Descender descender(stiffness, max_step);
  for (int n = 1; n < max_evaluations && longest(w.f) > force_tolerance && !(enough && enough(w.x, w.f)); ++n)
    w.move(1, descender.step(w.f));
  x = w.x;
  return longest(w.f);
}

}  // namespace heteroglass::landscape
