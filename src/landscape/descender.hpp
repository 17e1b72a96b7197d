/// Steps of L-BFGS on forces alone: no energy is needed, so that it also runs on forces that have none, such as those of a saddle search.
///
/// A step is what the memory of the last moves makes of the force, never longer than max_step for any atom; when it points against the
/// force the memory is dropped. Without memory the force is divided by `stiffness`.
/// Reference: Nocedal, Math. Comput. 35, 773 (1980), doi:10.1090/S0025-5718-1980-0572855-7.
#pragma once

#include <deque>

#include "landscape/force_field.hpp"

namespace heteroglass::landscape {

class Descender {
 public:
  Descender(double stiffness, double max_step, std::size_t memory = 12) : stiffness_(stiffness), max_step_(max_step), memory_(memory) {}

  /// The move from here; `force` is that at the present point, of which the last call's move led.
  Vectors step(const Vectors& force);
  void forget() { past_.clear(), last_move_.clear(); }
  /// The last step was not taken as given, or the forces have another meaning now: the pair is not to be learnt from.
  void skip() { last_move_.clear(); }

 private:
  struct Pair {
    Vectors move, change;  ///< s, y = f_before - f_after
    double inverse;        ///< 1 / (s y)
  };
  double stiffness_, max_step_;
  std::size_t memory_;
  std::deque<Pair> past_;
  Vectors last_move_, last_force_;
};

}  // namespace heteroglass::landscape
