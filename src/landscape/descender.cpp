#include "landscape/descender.hpp"

namespace heteroglass::landscape {

Vectors Descender::step(const Vectors& force) {
  if (!last_move_.empty()) {
    Vectors change = last_force_;
    add(change, -1, force);
    const double sy = dot(last_move_, change);
    if (sy > 1e-10 * norm(last_move_) * norm(change)) past_.push_back({last_move_, std::move(change), 1 / sy});
    if (past_.size() > memory_) past_.pop_front();
  }
  Vectors move = force;
  std::vector<double> alpha(past_.size());
  for (std::size_t k = past_.size(); k-- > 0;) {
    alpha[k] = past_[k].inverse * dot(past_[k].move, move);
    add(move, -alpha[k], past_[k].change);
  }
  if (past_.empty())
    scale(move, 1 / stiffness_);
  else
    scale(move, 1 / (past_.back().inverse * dot(past_.back().change, past_.back().change)));
  for (std::size_t k = 0; k < past_.size(); ++k) add(move, alpha[k] - past_[k].inverse * dot(past_[k].change, move), past_[k].move);
  if (dot(move, force) <= 0) {
    past_.clear();
    move = force;
    scale(move, 1 / stiffness_);
  }
  const double most = longest(move);
  if (most > max_step_) scale(move, max_step_ / most);
  last_move_ = move;
  last_force_ = force;
  return move;
}

}  // namespace heteroglass::landscape
