"""python3 benchmarks/run-all --self-test"""
import array
import json
import tempfile
import unittest
from datetime import timezone
from pathlib import Path
from unittest import mock

from harness import micro, pipeline, results, simulated
from peers import random_gpt2


def row(ours, peer, aim):
    return {"work": "work", "unit": "things/s", "ours": ours, "peer": peer, "peer_name": "peer", "aim": aim}


class VerdictTest(unittest.TestCase):
    TWICE = {"of": "ratio", "at_least": 2}

    def test_is_by_the_median_of_the_ratios(self):
        self.assertEqual(results.verdict(row([4, 5, 6], [2, 2, 2], self.TWICE)), "met")
        self.assertEqual(results.verdict(row([2, 3, 3], [2, 2, 2], self.TWICE)), "not met")

    def test_says_where_turns_disagree(self):
        self.assertEqual(results.verdict(row([3, 5, 6], [2, 2, 2], self.TWICE)), "met, but not in every turn")
        self.assertEqual(results.verdict(row([3, 3, 6], [2, 2, 2], self.TWICE)), "not met, but not in every turn")

    def test_a_side_that_is_missing_meets_nothing(self):
        self.assertEqual(results.verdict(row([9], [], self.TWICE)), "not measured")

    def test_at_most(self):
        self.assertEqual(results.verdict(row([0.02], [], {"of": "ours", "at_most": 0.03})), "met")
        self.assertEqual(results.verdict(row([0.27], [], {"of": "ours", "at_most": 0.03})), "not met")


class TablesTest(unittest.TestCase):
    def test_a_line_has_medians_spread_aim_and_verdict(self):
        line = results.table_line(row([4000, 5000, 6000], [2000, 2000, 2000], {"of": "ratio", "at_least": 2}))
        self.assertEqual(line, "| work | 5,000 | 2,000, peer | things/s | 2.50 (2.00–3.00) | – | ≥ 2 | met |")

    def test_only_what_is_between_the_markers_changes(self):
        document = f"above\n{results.BEGIN}\nold\n{results.END}\nbelow\n"
        self.assertEqual(results.splice(document, "new"), f"above\n{results.BEGIN}\n\nnew\n\n{results.END}\nbelow\n")
        self.assertEqual(results.splice(results.splice(document, "new"), "new"), results.splice(document, "new"))

    def test_a_document_without_markers_is_refused(self):
        for document in ("", results.BEGIN, f"{results.END}{results.BEGIN}", f"{results.BEGIN}{results.BEGIN}{results.END}"):
            with self.assertRaises(ValueError):
                results.splice(document, "new")

    def section(self, commit="abc", quick=False):
        return {
            "date": "2026-01-02", "commit": commit, "versions": {"Java": "17"}, "options": {"quick": quick, "threads": 2, "repetitions": 5},
            "machine": {"cores": 2, "processor": "P", "memory_gib": 4, "system": "S", "load": 0.0},
            "rows": [row([4], [1], {"of": "ratio", "at_least": 2})], "parts": [], "curves": [], "memory": {},
        }

    def test_a_quick_run_says_that_it_says_nothing(self):
        text = results.markdown({"peers": self.section(quick=True)})
        self.assertIn("its figures say nothing", text)
        self.assertIn("Of 1 aims 1 are met, 0 are not, 0 were not measured.", text)

    def test_an_aim_that_is_not_met_has_its_bound_below(self):
        missed = self.section() | {"rows": [row([1], [1], {"of": "ratio", "at_least": 2})]}
        with mock.patch.dict(results.BOUNDS, {"work": "the cores are full."}):
            self.assertIn("- **work**: the cores are full.", results.markdown({"peers": missed}))
            self.assertNotIn("the cores are full", results.markdown({"peers": self.section()}))
        self.assertIn("- **work**: not met, and not known why.", results.markdown({"peers": missed}))

    def test_sections_stand_in_one_table_and_say_where_each_was_taken(self):
        text = results.markdown({"peers": self.section(), "micro": self.section(), "pipeline": self.section("def")})
        self.assertIn("Of 3 aims 3 are met", text)
        self.assertIn("commit `abc`: 2 cores (P), 4 GiB, S; Java 17; float32, 2 threads, 5 turns: peers (load 0.0), micro (load 0.0).", text)
        self.assertIn("commit `def`", text)
        self.assertEqual(text.count("Taken on"), 2)


class GrowthTest(unittest.TestCase):
    def curve(self, costs):
        return {"work": "w", "unit": "ms", "grows": "n", "amounts": [1, 2, 4], "costs": [[cost] for cost in costs]}

    def test_exponents(self):
        self.assertEqual(results.exponents(self.curve([1, 2, 4])), [1, 1])
        self.assertEqual(results.exponents(self.curve([1, 4, 16])), [2, 2])

    def test_what_bends_upward(self):
        self.assertFalse(results.bends(self.curve([3, 4, 6])))
        self.assertFalse(results.bends(self.curve([1, 2, 4])))
        self.assertTrue(results.bends(self.curve([1, 2, 8])))


class PipelineTest(unittest.TestCase):
    METRICS = """# HELP learner_phase_seconds
learner_phase_seconds_total{phase="starting"} 7.0
learner_phase_seconds_total{phase="waiting"} 10.0
learner_phase_seconds_total{phase="optimising"} 20.0
learner_phase_seconds_total{phase="evaluating"} 5.0
learner_phase_seconds_total{phase="uploading"} 3.0
learner_phase_seconds_total{phase="checkpointing"} 2.0E0
rollout_generation_seconds_sum 4.0
reward_scoring_seconds_sum 1.0
other{a="b",c="d"} NaN
"""

    def test_tax_is_the_loop_without_computing(self):
        read = pipeline.counters(self.METRICS)
        lazier = {("rollout_generation_seconds_sum", ""): 3.0}
        tax = pipeline.tax(read, [lazier, read], read)
        self.assertEqual((tax["loop"], tax["computing"]), (40, 30))
        self.assertEqual(tax["share"], 0.25)

    def test_latency_of_a_reset_ends_with_the_first_batch_of_its_epoch(self):
        audit = "\n".join(
            json.dumps(entry)
            for entry in (
                {"action": "reset-done", "time": "2026-11-27T13:20:05.500Z", "reset_epoch": 1},
                {"action": "run-finished", "time": "2026-11-27T13:21:05.123456789Z"},
            )
        )
        line = "2026-11-27 13:20:0{},250 INFO  [org.elasticreset.rollout.PromptStream] (generation-1) batch generated batch=train-4-0 rollouts=16 version=4 epoch={} millis=9"
        early, late = "\n".join([line.format(4, 0), line.format(6, 1)]), "\n".join([line.format(4, 0), line.format(7, 1), line.format(9, 1)])
        self.assertEqual(pipeline.resets(audit, [late, early], timezone.utc), [0.75])
        self.assertEqual(pipeline.resets(audit, [line.format(4, 0)], timezone.utc), [])

    def test_steps_are_those_with_nothing_between(self):
        events = [("step", 0), ("step", 2), ("evaluation", 5), ("step", 6), ("step", 9), ("reset", 9.5), ("step", 12)]
        metrics = "\n".join(json.dumps({"event": event, "time": f"2026-11-27T13:20:{at:06.3f}Z"}) for event, at in events)
        self.assertEqual(pipeline.steps(metrics), [2, 3])

    def test_times_of_any_precision(self):
        self.assertEqual(pipeline.instant("1970-01-01T00:00:01Z"), 1)
        self.assertEqual(pipeline.instant("1970-01-01T00:00:01.5Z"), 1.5)
        self.assertEqual(pipeline.instant("1970-01-01T00:00:01.250000000Z"), 1.25)

    def test_peak_memory(self):
        self.assertEqual(results.peak_mib("Name:\tx\nVmHWM:\t    2048 kB\n"), 2)


class MicroTest(unittest.TestCase):
    def result(self, benchmark, score, **parameters):
        return {
            "benchmark": f"org.elasticreset.ema.{benchmark}", "params": {name: str(value) for name, value in parameters.items()},
            "primaryMetric": {"score": score, "scoreUnit": "ns/op"},
        }

    def test_rounds_are_repetitions(self):
        read = micro.read([[self.result("WeightsBenchmark.average", nanos, weights=5)] for nanos in (10, 20)])
        self.assertEqual(read.nanos("WeightsBenchmark.average", weights=5), [10, 20])
        self.assertEqual(micro.gigabytes(5, [10, 20]), [2, 1])

    def test_fan_out_counts_what_all_workers_get(self):
        every = [
            self.result(f"FanOutBenchmark.{what}", nanos, weights=1_000_000, workers=workers)
            for what, workers, nanos in (("fetch", 1, 1e6), ("fetch", 8, 2e6), ("raw", 1, 1e6), ("raw", 8, 1e6))
        ]
        total, beside_raw = micro.rows(micro.read([every]))
        self.assertEqual((total["ours"], total["peer"]), ([16], [4]))
        self.assertEqual(results.verdict(total), "met")
        self.assertEqual(results.ratios(beside_raw), [0.5])

    def test_another_unit_is_refused(self):
        other = self.result("WeightsBenchmark.average", 1, weights=5)
        other["primaryMetric"]["scoreUnit"] = "ops/s"
        with self.assertRaises(ValueError):
            micro.read([[other]])


class SimulatedTest(unittest.TestCase):
    def simulation(self, rollouts, seconds):
        return {"measured": {"rollouts": rollouts, "seconds": seconds, "steps": 10, "cpu": {"learner": 3e-6, "scorers": 1e-6}}}

    def test_messages_next_to_a_bare_hop_and_as_they_grow(self):
        turn = {
            "messages": self.simulation(6000, 2),
            "bare_hop": {"measured": {"rollouts": 9000, "seconds": 1, "cpu": {"all": 1e-6}}},
            "in_flight": {"64": self.simulation(640, 2), "1024": self.simulation(10240, 8)},
        }
        row, = simulated.message_rows([turn, turn])
        self.assertEqual((row["ours"], row["peer"]), ([3000, 3000], [9000, 9000]))
        self.assertEqual(row["by_processor"], [0.25, 0.25])
        self.assertEqual(results.verdict(row), "not met")
        self.assertEqual(simulated.curves([turn, turn])[0]["costs"], [[200, 200], [800, 800]])

    def test_overlap_is_how_many_times_as_many(self):
        turn = [self.simulation(640, 20), self.simulation(640, 10)]
        row, = simulated.overlap_rows("1k", [turn, turn])
        self.assertEqual(results.ratios(row), [2, 2])
        self.assertEqual(results.verdict(row), "met")

    def test_simulations_of_all_sections_have_names_of_their_own(self):
        with mock.patch.object(simulated, "simulate") as simulate, mock.patch.object(simulated, "bare_hop"):
            for turn in (1, 2):
                simulated.messages("home", "runs", turn, False, lambda text: None)
                for weights in (simulated.NO_WEIGHTS, simulated.MILLION_WEIGHTS):
                    simulated.overlap(weights, "home", "runs", turn, False, lambda text: None)
        names = [call.args[2] for call in simulate.call_args_list]
        self.assertEqual(len(names), 2 * (4 + 2 + 2))
        self.assertEqual(len(set(names)), len(names))


class DocumentTest(unittest.TestCase):
    def test_has_its_markers(self):
        document = (Path(__file__).parents[2] / "docs/performance.md").read_text()
        self.assertIn("new", results.splice(document, "new"))


class RandomModelTest(unittest.TestCase):
    SHAPE = {"n_layer": 1, "n_head": 2, "n_embd": 4, "n_positions": 8, "vocab_size": 11}

    def test_small_has_the_size_of_gpt2_small(self):
        self.assertEqual(random_gpt2.parameters(random_gpt2.SMALL), 124_439_808)

    def test_the_same_bytes_each_time_and_as_many_as_the_header_says(self):
        with tempfile.TemporaryDirectory() as work:
            tokenizer = Path(work) / "tokenizer"
            tokenizer.mkdir()
            for name in ("tokenizer.json", "tokenizer_config.json", "generation_config.json"):
                (tokenizer / name).write_text("{}")
            written = [(random_gpt2.make(Path(work) / name, self.SHAPE, tokenizer) / "model.safetensors").read_bytes() for name in "ab"]
        self.assertEqual(*written)
        length = int.from_bytes(written[0][:8], "little")
        header = json.loads(written[0][8 : 8 + length])
        self.assertEqual(len(written[0]) - 8 - length, 4 * random_gpt2.parameters(self.SHAPE))
        begin, end = header["transformer.h.0.ln_1.weight"]["data_offsets"]
        self.assertEqual(list(array.array("f", written[0][8 + length :][begin:end])), [1.0] * 4)

    def test_arithmetic_of_a_training_step(self):
        config = self.SHAPE | {"n_inner": 16}
        one = 3 * (8 * 16 + 4 * 64) + 2 * 4 * 3 * 4 + 2 * 2 * 4 * 11  # three tokens, of which two are the response
        self.assertEqual(random_gpt2.training_flops(config, [(1, 2)], 4), one * 14)
        self.assertEqual(random_gpt2.training_flops(config, [(1, 2), (1, 2)], 0), one * 4)


if __name__ == "__main__":
    unittest.main()
