/// Minima for the tests of this folder: glasses of a few hundred atoms, relaxed to rounding.
#pragma once

#include "glasses.hpp"
#include "landscape/relax.hpp"

namespace heteroglass::test {

/// The frame moved to the minimum below it.
inline Frame minimised(Frame f, const std::string& potential, double force_tolerance = 1e-10) {
  const auto calculator = potential::load(potential, f)->calculator(f);
  landscape::relax(*calculator, f.box, f.position, {.force_tolerance = force_tolerance, .frozen = {}});
  f.normalise();
  return f;
}

/// A small Kob-Andersen glass (rapidly quenched, under pressure).
inline const Frame& lj_glass() {
  static const Frame f = minimised(kob_andersen(250, 7), "lj:kob-andersen");
  return f;
}

inline const Frame& lj_glass_2d() {
  static const Frame f = minimised(kob_andersen_2d(200, 3), "lj:kob-andersen-2d");
  return f;
}

}  // namespace heteroglass::test
