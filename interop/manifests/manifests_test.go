// Package manifests holds the manifests of docs/deploy against the types of those who read them: Kubernetes' own, and what Batch
// of Azure says of itself. It is a module of its own: gwlogs needs none of them.
package manifests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestKubernetesJob: no field is unknown or of another type, and what makes a lost node harmless is there.
func TestKubernetesJob(t *testing.T) {
	var job batchv1.Job
	if err := yaml.UnmarshalStrict(read(t, "kubernetes-job.yaml"), &job); err != nil {
		t.Fatal(err)
	}
	s := &job.Spec
	if job.Kind != "Job" || job.APIVersion != "batch/v1" {
		t.Errorf("is a %s of %s", job.Kind, job.APIVersion)
	}
	if s.CompletionMode == nil || *s.CompletionMode != batchv1.IndexedCompletion || s.BackoffLimitPerIndex == nil ||
		s.Template.Spec.RestartPolicy != corev1.RestartPolicyNever {
		t.Error("backoffLimitPerIndex needs an indexed job whose pods are not restarted")
	}
	if s.Completions == nil || s.Parallelism == nil || *s.Parallelism > *s.Completions {
		t.Error("completions or parallelism")
	}
	ends := map[batchv1.PodFailurePolicyAction][]int32{}
	for _, r := range s.PodFailurePolicy.Rules {
		if r.OnExitCodes != nil {
			ends[r.Action] = append(ends[r.Action], r.OnExitCodes.Values...)
		} else if r.Action != batchv1.PodFailurePolicyActionIgnore || r.OnPodConditions[0].Type != corev1.DisruptionTarget {
			t.Errorf("rule %+v", r)
		}
	}
	if want := map[batchv1.PodFailurePolicyAction][]int32{batchv1.PodFailurePolicyActionFailIndex: {1, 2}}; !reflect.DeepEqual(ends, want) {
		t.Errorf("exit codes %v, want %v", ends, want)
	}
}

// What docs/deploy uses of Batch's REST API (version 2024-07-01), in the names and types of its description: a job and a task to add.
type (
	batchJob struct {
		ID       string `json:"id"`
		PoolInfo struct {
			PoolID string `json:"poolId"`
		} `json:"poolInfo"`
		OnAllTasksComplete string           `json:"onAllTasksComplete"`
		OnTaskFailure      string           `json:"onTaskFailure"`
		Constraints        batchConstraints `json:"constraints"`
	}
	batchConstraints struct {
		MaxWallClockTime  string `json:"maxWallClockTime"`
		MaxTaskRetryCount int32  `json:"maxTaskRetryCount"`
	}
	batchIdentity struct {
		ResourceID string `json:"resourceId"`
	}
	batchTask struct {
		ID            string `json:"id"`
		CommandLine   string `json:"commandLine"`
		ResourceFiles []struct {
			StorageContainerURL string        `json:"storageContainerUrl"`
			FilePath            string        `json:"filePath"`
			IdentityReference   batchIdentity `json:"identityReference"`
		} `json:"resourceFiles"`
		OutputFiles []struct {
			FilePattern string `json:"filePattern"`
			Destination struct {
				Container struct {
					ContainerURL      string        `json:"containerUrl"`
					Path              string        `json:"path"`
					IdentityReference batchIdentity `json:"identityReference"`
				} `json:"container"`
			} `json:"destination"`
			UploadOptions struct {
				UploadCondition string `json:"uploadCondition"`
			} `json:"uploadOptions"`
		} `json:"outputFiles"`
		Constraints batchConstraints `json:"constraints"`
	}
)

// TestAzureBatch: no field is unknown, and each part writes a file of its own, when it succeeded.
func TestAzureBatch(t *testing.T) {
	var job batchJob
	var tasks []batchTask
	for name, to := range map[string]any{"azure-batch-job.json": &job, "azure-batch-tasks.json": &tasks} {
		d := json.NewDecoder(bytes.NewReader(read(t, name)))
		d.DisallowUnknownFields()
		if err := d.Decode(to); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if job.OnAllTasksComplete != "terminatejob" || job.OnTaskFailure != "noaction" {
		t.Errorf("%+v", job)
	}
	for i, task := range tasks {
		shard, file := fmt.Sprintf("--shard %d/%d ", i, len(tasks)), fmt.Sprintf("findings-%d.parquet", i)
		out := task.OutputFiles[0]
		if !strings.Contains(task.CommandLine, shard) || !strings.Contains(task.CommandLine, "-o "+file+" ") || out.FilePattern != file ||
			out.Destination.Container.Path != file || out.UploadOptions.UploadCondition != "tasksuccess" {
			t.Errorf("task %s: %+v", task.ID, task)
		}
	}
}
