/// Mean and spread of the results of one analysis over several frames.
#pragma once

#include "run/outcome.hpp"

namespace heteroglass::run {

/// Replaces outcome.result by the mean over `results` and fills outcome.spread.
/// Numbers and arrays of equal shape are averaged. The error of a mean is the larger of
///     sd / sqrt(n)                      what the n frames scatter, if they are independent
///     sqrt(sum of error_i^2) / n        what their own errors leave
/// because few frames can agree by chance. Frames of one trajectory of a glass are not independent: read `spread`. Tables are joined by their text columns, a missing row counting
/// as zero. Per-atom results, texts and frames are those of the last frame; arrays whose shape changes too, with a warning.
void combine(Outcome& outcome, const std::vector<std::shared_ptr<void>>& results, Context& context);

}  // namespace heteroglass::run
