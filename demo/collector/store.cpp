#include "collector/store.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "collector/limits.h"
#include "collector/writer.h"

namespace wayline::collector {

void Tally::count(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted:
      ++accepted;
      break;
    case Verdict::duplicate:
      ++duplicate;
      break;
    case Verdict::rejected:
    case Verdict::suppressed:
      ++rejected;
      break;
  }
}

Result<std::unique_ptr<Store>> Store::open(const std::string& path, std::size_t queue_limit) {
  TRY(auto writer, Writer::open(path));
  TRY(auto ledger, writer->read_ledger());
  return std::unique_ptr<Store>(new Store(std::move(writer), std::move(ledger), queue_limit));
}

Store::Store(std::unique_ptr<Writer> writer, std::map<std::string, Tally> ledger, std::size_t queue_limit)
    : queue_limit_(queue_limit), opening_ledger_(std::move(ledger)), writer_(std::move(writer)) {
  thread_ = std::thread([this] { drain(); });
}

Store::~Store() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

template <typename Queue, typename Item>
bool Store::admit(Queue& queue, Item& job) {
  const std::lock_guard lock(mutex_);
  if (unanswered_ >= queue_limit_) return false;
  ++unanswered_;
  queue.push_back(std::move(job));
  arrived_.notify_one();
  return true;
}

void Store::submit(Batch batch, Callback answer) {
  Job job{std::move(batch), std::move(answer)};
  if (!admit(queue_, job)) job.answer({Receipt::Outcome::busy, {}});
}

void Store::erase(Erasure erasure, ErasureCallback answer) {
  ErasureJob job{std::move(erasure), std::move(answer)};
  if (!admit(erasures_, job)) job.answer({Receipt::Outcome::busy, 0});
}

void Store::profile(ProfileWork work, ProfileCallback answer) {
  ProfileJob job{std::move(work), std::move(answer)};
  if (!admit(profiles_, job)) job.answer({Receipt::Outcome::busy, {}, {}});
}

std::vector<Store::Job> Store::next_group() {
  std::vector<Job> group;
  std::size_t events = 0;
  while (!queue_.empty()) {
    events += queue_.front().batch.events.size();
    if (!group.empty() && events > limits::commit_events) break;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

std::optional<Store::Work> Store::next_work() {
  std::unique_lock lock(mutex_);
  const auto arrived = [this] { return closing_ || !queue_.empty() || !erasures_.empty() || !profiles_.empty(); };
  if (healthy_)
    arrived_.wait(lock, arrived);
  else
    arrived_.wait_for(lock, limits::probe_pause, arrived);
  Work work{next_group(), {}, {}};
  // An erasure waits for all batches before it: those behind it only lose what it would have suppressed.
  if (queue_.empty()) work.erasures.swap(erasures_);
  work.profiles.swap(profiles_);
  if (closing_ && work.empty()) return std::nullopt;
  return work;
}

void Store::drain() {
  while (auto work = next_work()) {
    if (work->empty()) probe();
    if (!work->batches.empty()) commit(std::move(work->batches));
    for (ErasureJob& job : work->erasures) commit(std::move(job));
    for (ProfileJob& job : work->profiles) commit(std::move(job));
  }
}

void Store::finish(const Result<Done>& done) {
  healthy_ = done.ok();
  ++(done.ok() ? commits_ : failed_commits_);
  if (done.ok()) return;
  writer_->roll_back();
  std::fprintf(stderr, "wayline-collector: commit failed: %s\n", done.error().message.c_str());
}

void Store::commit(std::vector<Job> group) {
  const auto started = std::chrono::steady_clock::now();
  std::vector<Receipt> receipts(group.size());
  Result<Done> done = writer_->begin();
  for (std::size_t i = 0; done.ok() && i < group.size(); ++i) {
    auto verdicts = writer_->write(group[i].batch);
    if (verdicts.ok())
      receipts[i] = {Receipt::Outcome::committed, std::move(verdicts).value()};
    else
      done = std::move(verdicts).error();
  }
  if (done.ok()) done = writer_->commit();
  finish(done);
  if (!done.ok()) std::fill(receipts.begin(), receipts.end(), Receipt{});
  commit_microseconds_ += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started).count());
  for (std::size_t i = 0; i < group.size(); ++i) {
    --unanswered_;
    group[i].answer(std::move(receipts[i]));
  }
}

void Store::commit(ErasureJob job) {
  ErasureReceipt receipt;
  Result<Done> done = writer_->begin();
  if (done.ok()) {
    auto deleted = writer_->erase(job.erasure);
    if (deleted.ok())
      receipt = {Receipt::Outcome::committed, deleted.value()};
    else
      done = std::move(deleted).error();
  }
  if (done.ok()) done = writer_->commit();
  finish(done);
  // What is erased is erased also when a reader of the database keeps the log from being emptied now.
  if (done.ok()) [[maybe_unused]] const auto later = writer_->forget_traces();
  --unanswered_;
  job.answer(done.ok() ? receipt : ErasureReceipt{});
}

void Store::commit(ProfileJob job) {
  Result<Done> done = writer_->begin();
  Result<ProfileReceipt> receipt = ProfileReceipt{};
  if (done.ok()) receipt = change(job.work);
  if (!receipt.ok()) done = receipt.error();
  if (done.ok()) done = writer_->commit();
  finish(done);
  --unanswered_;
  job.answer(done.ok() ? std::move(receipt).value() : ProfileReceipt{});
}

Result<ProfileReceipt> Store::change(const ProfileWork& work) {
  ProfileReceipt receipt{Receipt::Outcome::committed, {}, {}};
  TRY(const bool suppressed, writer_->suppressed(work.project, work.user_id, work.visitor));
  if (suppressed) {
    receipt.refused = Error{ErrorCode::event_suppressed, "This person was erased."};
    return receipt;
  }
  TRY(receipt.state, writer_->profile(work.project, work.user_id));
  if (!work.change) return receipt;
  Result<std::string> changed = work.change(receipt.state);
  if (!changed.ok()) {
    receipt.refused = changed.error();
    return receipt;
  }
  receipt.state = std::move(changed).value();
  TRY([[maybe_unused]] Done kept, writer_->keep_profile(work.project, work.user_id, receipt.state, work.at));
  return receipt;
}

void Store::probe() {
  Result<Done> done = writer_->begin();
  if (done.ok()) done = writer_->probe();
  if (done.ok()) done = writer_->commit();
  if (!done.ok()) writer_->roll_back();
  healthy_ = done.ok();
}

}  // namespace wayline::collector
